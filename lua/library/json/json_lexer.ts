/**
 * The tokens of a JSON text, as lua-cjson takes them: numbers may be all that C's strtod reads, a word
 * may have anything behind it, and a zero byte ends the text.
 */

import { parseNumber } from "../../runtime/number_parsing.ts";
import { utf8 } from "./json_text.ts";

/** What a token is. */
export const OBJECT_BEGIN = 0;
export const OBJECT_END = 1;
export const ARRAY_BEGIN = 2;
export const ARRAY_END = 3;
export const STRING = 4;
export const NUMBER = 5;
export const BOOLEAN = 6;
export const NULL = 7;
export const COLON = 8;
export const COMMA = 9;
export const END = 10;
export const ERROR = 11;

/** The same in the words of errors. */
export const TOKEN_NAMES: readonly string[] = [
  "T_OBJ_BEGIN",
  "T_OBJ_END",
  "T_ARR_BEGIN",
  "T_ARR_END",
  "T_STRING",
  "T_NUMBER",
  "T_BOOLEAN",
  "T_NULL",
  "T_COLON",
  "T_COMMA",
  "T_END",
];

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const POINT = 0x2e;
/** Digits that are exact while they are added up. */
const MAX_EXACT_DIGITS = 15;

/** The token of each byte, which that alone is where it is no string and no number. */
const TOKENS = new Uint8Array(256).fill(ERROR);
const SINGLE = { "{": OBJECT_BEGIN, "}": OBJECT_END, "[": ARRAY_BEGIN, "]": ARRAY_END, ":": COLON };
for (const [byte, token] of Object.entries({ ...SINGLE, ",": COMMA, '"': STRING, "\0": END })) {
  TOKENS[byte.charCodeAt(0)] = token;
}
for (const byte of "-0123456789") TOKENS[byte.charCodeAt(0)] = NUMBER;

/** Bytes that the plain text of a string ends at: a quote, a backslash, zero. */
const ENDS_TEXT = new Uint8Array(256);
for (const byte of [QUOTE, BACKSLASH, 0]) ENDS_TEXT[byte] = 1;

const POWERS_OF_TEN = Float64Array.from({ length: MAX_EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

/**
 * Short strings that were read lately, by length and two bytes: the same string serves again, as names of
 * fields do. (From 13 characters on V8 would keep the whole text for the sake of one that is kept here.)
 */
const known: (string | undefined)[] = new Array(512).fill(undefined);
const MAX_KNOWN = 12;

/** What strtod reads, from the longest form on. */
const NUMERALS = [
  /[+-]?0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)(?:p[+-]?\d+)?/iy,
  /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy,
  /[+-]?inf(?:inity)?/iy,
  /[+-]?nan(?:\(\w*\))?/iy,
];

/** What a strict reader has no numbers begin with: a plus, zeros in front, 0x, inf, nan. */
const INVALID = /\+|-?(?:0[x\d]|inf|nan)/iy;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
};

export class JsonLexer {
  /** Where the last token began, or went wrong. */
  index = 0;
  /** The offset behind it. */
  at = 0;
  /** The string, number or boolean that the last token is, or the words for what is wrong. */
  value: string | number | boolean = false;

  readonly #length: number;

  constructor(readonly text: string, readonly readsInvalid: boolean) {
    this.#length = text.length;
  }

  /** Reads the next token. */
  next(): number {
    const { text } = this;
    let at = this.at;
    let code = at < this.#length ? text.charCodeAt(at) : 0;
    while (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d) {
      at++;
      code = at < this.#length ? text.charCodeAt(at) : 0;
    }
    this.at = at;
    this.index = at;
    const token = TOKENS[code];
    if (token === STRING) return this.#string();
    if (token === NUMBER) return this.#number();
    if (token === ERROR) return this.#word(text[at]);
    if (token !== END) this.at++;
    return token;
  }

  #word(first: string): number {
    const { text } = this;
    if (text.startsWith("true", this.at)) return this.#take(4, BOOLEAN, true);
    if (text.startsWith("false", this.at)) return this.#take(5, BOOLEAN, false);
    if (text.startsWith("null", this.at)) return this.#take(4, NULL, false);
    if ("+iInN".includes(first) && this.readsInvalid && this.#isInvalidNumber()) {
      return this.#numeral();
    }
    return this.#error("invalid token");
  }

  #take(length: number, kind: number, value: boolean): number {
    this.at += length;
    this.value = value;
    return kind;
  }

  #error(words: string): number {
    this.index = this.at;
    this.value = words;
    return ERROR;
  }

  /** Reads a number: most are integers, or fractions that one exact division makes. */
  #number(): number {
    const { text } = this;
    const length = this.#length;
    let at = this.at;
    const isNegative = text.charCodeAt(at) === MINUS;
    if (isNegative) at++;
    const first = at;
    let value = 0;
    let point = -1;
    let code = 0;
    for (; at < length; at++) {
      code = text.charCodeAt(at);
      if (code >= ZERO && code <= 0x39) value = value * 10 + (code - ZERO);
      else if (code === POINT && point < 0) point = at;
      else break;
    }
    const isPlain = at > first && at - first <= MAX_EXACT_DIGITS && point !== first &&
      (at === length || (code | 0x20) !== 0x65 && (code | 0x20) !== 0x78);
    // What begins with 0 may be more than one number, or none, for a strict reader.
    if (isPlain && (text.charCodeAt(first) !== ZERO || at === first + 1 || point === first + 1)) {
      if (point >= 0) value /= POWERS_OF_TEN[at - point - 1];
      this.at = at;
      this.value = isNegative ? -value : value;
      return NUMBER;
    }
    if (!this.readsInvalid && this.#isInvalidNumber()) return this.#error("invalid number");
    return this.#numeral();
  }

  #isInvalidNumber(): boolean {
    INVALID.lastIndex = this.at;
    return INVALID.test(this.text);
  }

  #numeral(): number {
    for (const numeral of NUMERALS) {
      numeral.lastIndex = this.at;
      const match = numeral.exec(this.text);
      if (match === null) continue;
      this.at += match[0].length;
      this.value = parseNumber(match[0])!;
      return NUMBER;
    }
    return this.#error("invalid number");
  }

  #string(): number {
    const { text } = this;
    const length = this.#length;
    const start = this.at + 1;
    let at = start;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (ENDS_TEXT[code] === 0) continue;
      if (code !== QUOTE) break;
      this.value = at - start > MAX_KNOWN || at === start
        ? text.slice(start, at)
        : this.#known(start, at);
      this.at = at + 1;
      return STRING;
    }
    this.at = at;
    return this.#escaped(text.slice(start, at));
  }

  /** A short string, which is that of before where it was read lately. */
  #known(start: number, end: number): string {
    const { text } = this;
    const length = end - start;
    const first = text.charCodeAt(start);
    const last = text.charCodeAt(end - 1);
    const slot = (first * 7 + last * 31 + length * 67) & (known.length - 1);
    const candidate = known[slot];
    if (candidate !== undefined && candidate.length === length) {
      let i = 0;
      while (i < length && candidate.charCodeAt(i) === text.charCodeAt(start + i)) i++;
      if (i === length) return candidate;
    }
    return known[slot] = text.slice(start, end);
  }

  /** Reads on where a string has its first escape, or none of its end. */
  #escaped(before: string): number {
    const { text } = this;
    const length = this.#length;
    let value = before;
    let from = this.at;
    for (;;) {
      let at = this.at;
      while (at < length && ENDS_TEXT[text.charCodeAt(at)] === 0) at++;
      value += text.slice(from, at);
      this.at = at;
      const code = at < length ? text.charCodeAt(at) : 0;
      if (code === 0) return this.#error("unexpected end of string");
      if (code === QUOTE) {
        this.at++;
        this.value = value;
        return STRING;
      }
      const sign = at + 1 < length ? text[at + 1] : "";
      if (sign === "u") {
        const bytes = this.#unicodeEscape();
        if (bytes === undefined) return this.#error("invalid unicode escape code");
        value += bytes;
      } else {
        const byte = ESCAPES[sign];
        if (byte === undefined) return this.#error("invalid escape code");
        value += byte;
        this.at += 2;
      }
      from = this.at;
    }
  }

  /** The bytes of a code point, or of two surrogates, and passes them; undefined where they are none. */
  #unicodeEscape(): string | undefined {
    const unit = this.#unitAt(this.at);
    if (unit < 0) return undefined;
    if ((unit & 0xf800) !== 0xd800) {
      this.at += 6;
      return utf8(unit);
    }
    const low = this.#unitAt(this.at + 6);
    if ((unit & 0x400) !== 0 || low < 0 || (low & 0xfc00) !== 0xdc00) return undefined;
    this.at += 12;
    return utf8(((unit & 0x3ff) << 10 | low & 0x3ff) + 0x10000);
  }

  /** The UTF-16 unit of an escape at an offset; -1 where there is none. */
  #unitAt(at: number): number {
    const { text } = this;
    if (text[at] !== "\\" || text[at + 1] !== "u") return -1;
    const digits = text.slice(at + 2, at + 6);
    return /^[\da-f]{4}$/i.test(digits) ? parseInt(digits, 16) : -1;
  }
}
