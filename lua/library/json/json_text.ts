/** Strings as JSON has them: bytes that are no control characters stay as they are, UTF-8 or not. */

const SHORT: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "/": "\\/",
  "\\": "\\\\",
};

/** What each byte is written as, where that is not itself. */
const ESCAPES: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const byte = String.fromCharCode(code);
  if (byte in SHORT) return SHORT[byte];
  return code < 32 || code === 127 ? "\\u" + code.toString(16).padStart(4, "0") : undefined;
});

const IS_ESCAPED = Uint8Array.from(ESCAPES, (escape) => escape === undefined ? 0 : 1);
const ESCAPED = /[^ !#-.0-[\]-~\x80-\xff]/;
const ALL_ESCAPED = /[^ !#-.0-[\]-~\x80-\xff]/g;
/** Shorter texts are looked through byte by byte. */
const MIN_SEARCHED = 24;

/** A string with quotes around it. */
export function quoted(text: string): string {
  return needsEscapes(text)
    ? `"${text.replace(ALL_ESCAPED, (byte) => ESCAPES[byte.charCodeAt(0)]!)}"`
    : `"${text}"`;
}

function needsEscapes(text: string): boolean {
  const { length } = text;
  if (length >= MIN_SEARCHED) return ESCAPED.test(text);
  for (let i = 0; i < length; i++) if (IS_ESCAPED[text.charCodeAt(i)] === 1) return true;
  return false;
}

/** The UTF-8 bytes of a code point, a character each. */
export function utf8(point: number): string {
  if (point < 0x80) return String.fromCharCode(point);
  if (point < 0x800) return String.fromCharCode(0xc0 | point >> 6, 0x80 | point & 0x3f);
  const last = [0x80 | point >> 6 & 0x3f, 0x80 | point & 0x3f];
  if (point < 0x10000) return String.fromCharCode(0xe0 | point >> 12, ...last);
  return String.fromCharCode(0xf0 | point >> 18, 0x80 | point >> 12 & 0x3f, ...last);
}
