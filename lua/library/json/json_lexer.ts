/**
 * The tokens of a JSON text, as lua-cjson takes them: numbers may be all that C's strtod reads, a word
 * may have anything behind it, and a zero byte ends the text.
 */

import { parseNumber } from "../../runtime/number_parsing.ts";
import { utf8 } from "./json_text.ts";

/** What a token is; in the words of errors. */
export type TokenKind =
  | "T_OBJ_BEGIN"
  | "T_OBJ_END"
  | "T_ARR_BEGIN"
  | "T_ARR_END"
  | "T_STRING"
  | "T_NUMBER"
  | "T_BOOLEAN"
  | "T_NULL"
  | "T_COLON"
  | "T_COMMA"
  | "T_END"
  | "T_ERROR";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const POINT = 0x2e;
/** Digits that are exact while they are added up. */
const MAX_EXACT_DIGITS = 15;

const SINGLE: Readonly<Record<string, TokenKind>> = {
  "{": "T_OBJ_BEGIN",
  "}": "T_OBJ_END",
  "[": "T_ARR_BEGIN",
  "]": "T_ARR_END",
  ":": "T_COLON",
  ",": "T_COMMA",
};

const KINDS: readonly (TokenKind | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => SINGLE[String.fromCharCode(code)],
);

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

  constructor(readonly text: string, readonly readsInvalid: boolean) {}

  /** Reads the next token. */
  next(): TokenKind {
    const { text } = this;
    let code = text.charCodeAt(this.at);
    while (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d) {
      code = text.charCodeAt(++this.at);
    }
    this.index = this.at;
    if (code === QUOTE) return this.#string();
    if (code === MINUS || (code >= ZERO && code <= 0x39)) return this.#number();
    // Behind the end there is no code, and a zero byte is the end.
    if (!(code > 0)) return "T_END";
    const kind = KINDS[code];
    if (kind === undefined) return this.#word(text[this.at]);
    this.at++;
    return kind;
  }

  #word(first: string): TokenKind {
    const { text } = this;
    if (text.startsWith("true", this.at)) return this.#take(4, "T_BOOLEAN", true);
    if (text.startsWith("false", this.at)) return this.#take(5, "T_BOOLEAN", false);
    if (text.startsWith("null", this.at)) return this.#take(4, "T_NULL", false);
    if ("+iInN".includes(first) && this.readsInvalid && this.#isInvalidNumber()) {
      return this.#numeral();
    }
    return this.#error("invalid token");
  }

  #take(length: number, kind: TokenKind, value: boolean): TokenKind {
    this.at += length;
    this.value = value;
    return kind;
  }

  #error(words: string): TokenKind {
    this.index = this.at;
    this.value = words;
    return "T_ERROR";
  }

  /** Reads a number: most are integers, or fractions that one exact division makes. */
  #number(): TokenKind {
    const { text } = this;
    let at = this.at;
    const isNegative = text.charCodeAt(at) === MINUS;
    if (isNegative) at++;
    const first = at;
    let value = 0;
    let digit = text.charCodeAt(at) - ZERO;
    if (digit > 0 && digit <= 9) {
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = text.charCodeAt(++at) - ZERO;
      }
      let places = 0;
      if (digit === POINT - ZERO) {
        digit = text.charCodeAt(++at) - ZERO;
        while (digit >= 0 && digit <= 9) {
          value = value * 10 + digit;
          places++;
          digit = text.charCodeAt(++at) - ZERO;
        }
        if (places > 0) value /= 10 ** places;
      }
      const isPlain = (digit + ZERO | 0x20) !== 0x65 && at - first <= MAX_EXACT_DIGITS;
      if (isPlain) {
        this.at = at;
        this.value = isNegative ? -value : value;
        return "T_NUMBER";
      }
    }
    if (!this.readsInvalid && this.#isInvalidNumber()) return this.#error("invalid number");
    return this.#numeral();
  }

  #isInvalidNumber(): boolean {
    INVALID.lastIndex = this.at;
    return INVALID.test(this.text);
  }

  #numeral(): TokenKind {
    for (const numeral of NUMERALS) {
      numeral.lastIndex = this.at;
      const match = numeral.exec(this.text);
      if (match === null) continue;
      this.at += match[0].length;
      this.value = parseNumber(match[0])!;
      return "T_NUMBER";
    }
    return this.#error("invalid number");
  }

  #string(): TokenKind {
    const { text } = this;
    const start = this.at + 1;
    for (let at = start;; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.value = text.slice(start, at);
        this.at = at + 1;
        return "T_STRING";
      }
      if (code === BACKSLASH || !(code > 0)) {
        this.at = at;
        return this.#escaped(text.slice(start, at));
      }
    }
  }

  /** Reads on where a string has its first escape, or none of its end. */
  #escaped(before: string): TokenKind {
    const { text } = this;
    let value = before;
    let from = this.at;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        this.value = value + text.slice(from, this.at++);
        return "T_STRING";
      }
      if (!(code > 0)) return this.#error("unexpected end of string");
      if (code !== BACKSLASH) {
        this.at++;
        continue;
      }
      value += text.slice(from, this.at);
      const sign = text[this.at + 1] ?? "";
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
