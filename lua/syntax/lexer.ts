/**
 * Cuts a chunk into tokens, one ahead of the parser.
 *
 * ```
 * local  x  =  "a\n"       token     the kind of the token at hand
 *        ▲  ▲              name, text, number   what it carries
 *        │  └ read on      line      where the lexer is: the last line of the token at hand
 *        └ at hand         lastLine  where the token before it ended: the line of instructions
 * ```
 *
 * A character is a byte. Values are cut out of the source when a token is at its end, in one piece
 * unless there are escapes in it. Words of the C library that Lua relies on show through: a zero byte
 * is taken for a second point or an exponent's letter, as `strchr` finds it at the end of any text.
 */

import { LuaError } from "../runtime/lua_error.ts";
import { displayName, SYNTAX_NAME_SIZE, untilZero } from "./chunk_name.ts";
import { type Name, Names } from "./names.ts";
import { readNumeral } from "./numerals.ts";
import * as T from "./tokens.ts";

const ALPHABETIC = 1;
const DIGIT = 2;
const SPACE = 4;
/** What a name goes on with. */
const WORD = ALPHABETIC | DIGIT;
const CLASSES = new Uint8Array(256);
for (const c of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") {
  CLASSES[c.charCodeAt(0)] = ALPHABETIC;
}
for (const c of "0123456789") CLASSES[c.charCodeAt(0)] = DIGIT;
for (const c of " \t\v\f") CLASSES[c.charCodeAt(0)] = SPACE;

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const APOSTROPHE = 39;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const OPENING = 91;
const BACKSLASH = 92;
const CLOSING = 93;
const TILDE = 126;

/** What `\a`, `\b`, … stand for. */
const ESCAPES: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

export class Lexer {
  readonly source: string;
  token = T.END_OF_TEXT;
  line = 1;
  lastLine = 1;
  /** Of a NAME. */
  name!: Name;
  /** Of a STRING. */
  text = "";
  /** Of a NUMBER. */
  number = 0;
  readonly #chunkName: string;
  readonly #names = new Names();
  readonly #hasReturns: boolean;
  #position = 0;
  /** Where the token that was read last begins. */
  #start = 0;
  /** What stands before and behind a string's content: a quote, or `[==[`. */
  #opening = "";
  #closing = "";
  /** The kind of the token behind the one at hand, where it was looked at. */
  #ahead = T.END_OF_TEXT;
  #aheadName!: Name;

  constructor(source: string, chunkName: string) {
    this.source = source;
    this.#chunkName = chunkName;
    this.#hasReturns = source.includes("\r");
  }

  /** Goes on to the next token. */
  advance(): void {
    this.lastLine = this.line;
    if (this.#ahead === T.END_OF_TEXT) this.token = this.#scan();
    else {
      this.token = this.#ahead;
      this.name = this.#aheadName;
      this.#ahead = T.END_OF_TEXT;
    }
  }

  /** The kind of the token behind the NAME at hand. */
  peek(): number {
    const { name } = this;
    this.#ahead = this.#scan();
    this.#aheadName = this.name;
    this.name = name;
    return this.#ahead;
  }

  /** The name of this text, whether the source has it or not. */
  nameOf(text: string): Name {
    return this.#names.find(text);
  }

  /** Fails where the parser is, with the token at hand. */
  failNear(message: string): never {
    this.#fail(message, this.token);
  }

  /** Fails where the parser is. */
  fail(message: string): never {
    throw new LuaError(
      `${displayName(this.#chunkName, SYNTAX_NAME_SIZE)}:${this.line}: ${message}`,
      0,
    );
  }

  #fail(message: string, kind: number): never {
    // Lua takes a zero byte for no token.
    if (kind === 0) this.fail(message);
    this.fail(`${message} near '${untilZero(this.#tokenText(kind))}'`);
  }

  #tokenText(kind: number): string {
    if (kind === T.STRING) return this.#opening + this.text + this.#closing;
    if (kind !== T.NAME && kind !== T.NUMBER) return T.kindText(kind);
    return this.source.slice(this.#start, this.#position);
  }

  /** Reads a token and answers its kind. */
  #scan(): number {
    const { source } = this;
    const { length } = source;
    let position = this.#position;
    for (; position < length; position++) {
      const c = source.charCodeAt(position);
      switch (CLASSES[c]) {
        case SPACE:
          continue;
        case ALPHABETIC:
          return this.#scanName(position);
        case DIGIT:
          return this.#scanNumber(position, position);
      }
      switch (c) {
        case NEWLINE:
        case RETURN:
          position = this.#passNewline(position) - 1;
          continue;
        case MINUS:
          if (source.charCodeAt(position + 1) !== MINUS) break;
          position = this.#passComment(position + 2) - 1;
          continue;
        case OPENING:
          return this.#scanOpening(position);
        case QUOTE:
        case APOSTROPHE:
          return this.#scanString(position, c);
        case POINT:
          return this.#scanPoint(position);
        case EQUALS:
          if (source.charCodeAt(position + 1) === EQUALS) return this.#end(position + 2, T.EQUAL);
          break;
        case LESS:
          if (source.charCodeAt(position + 1) !== EQUALS) break;
          return this.#end(position + 2, T.LESS_OR_EQUAL);
        case GREATER:
          if (source.charCodeAt(position + 1) !== EQUALS) break;
          return this.#end(position + 2, T.GREATER_OR_EQUAL);
        case TILDE:
          if (source.charCodeAt(position + 1) !== EQUALS) break;
          return this.#end(position + 2, T.NOT_EQUAL);
      }
      return this.#end(position + 1, c);
    }
    return this.#end(position, T.END_OF_TEXT);
  }

  #end(position: number, kind: number): number {
    this.#position = position;
    return kind;
  }

  #scanName(start: number): number {
    const { source } = this;
    let position = start + 1;
    while ((CLASSES[source.charCodeAt(position)] & WORD) !== 0) position++;
    this.#start = start;
    this.#position = position;
    this.name = this.#names.find(source.slice(start, position));
    return this.name.kind;
  }

  /** @param from where the part begins whose first character is a digit for sure */
  #scanNumber(start: number, from: number): number {
    const { source } = this;
    let position = from + 1;
    let c = source.charCodeAt(position);
    while (c === POINT || CLASSES[c] === DIGIT) c = source.charCodeAt(++position);
    if (c === 69 || c === 101 || c === 0) {
      c = source.charCodeAt(++position);
      if (c === 43 || c === MINUS || c === 0) c = source.charCodeAt(++position);
    }
    while ((CLASSES[c] & WORD) !== 0) c = source.charCodeAt(++position);
    this.#start = start;
    this.#position = position;
    const value = readNumeral(source, start, position);
    if (value === undefined) this.#fail("malformed number", T.NUMBER);
    this.number = value;
    return T.NUMBER;
  }

  #scanPoint(start: number): number {
    const { source } = this;
    const second = source.charCodeAt(start + 1);
    if (CLASSES[second] === DIGIT) return this.#scanNumber(start, start + 1);
    if (second !== POINT && second !== 0) return this.#end(start + 1, POINT);
    const third = source.charCodeAt(start + 2);
    if (third !== POINT && third !== 0) return this.#end(start + 2, T.CONCAT);
    return this.#end(start + 3, T.DOTS);
  }

  /** The position behind the newline at `position`, which may be one of two characters. */
  #passNewline(position: number): number {
    const c = this.source.charCodeAt(position);
    const next = this.source.charCodeAt(position + 1);
    this.line++;
    return position + ((next === NEWLINE || next === RETURN) && next !== c ? 2 : 1);
  }

  /** The position behind the comment whose two dashes stand before `position`. */
  #passComment(position: number): number {
    const { source } = this;
    let at = position;
    if (source.charCodeAt(at) === OPENING) {
      const last = this.#passEquals(at);
      if (source.charCodeAt(last) === OPENING) {
        this.#passLong(last + 1, last - at - 1, "unfinished long comment", false);
        return this.#position;
      }
      at = last;
    }
    const end = source.indexOf("\n", at);
    const last = end < 0 ? source.length : end;
    if (!this.#hasReturns) return last;
    while (at < last && source.charCodeAt(at) !== RETURN) at++;
    return at;
  }

  /** The position behind the bracket at `position` and the equals signs after it. */
  #passEquals(position: number): number {
    let at = position + 1;
    while (this.source.charCodeAt(at) === EQUALS) at++;
    return at;
  }

  #scanOpening(start: number): number {
    const { source } = this;
    const last = this.#passEquals(start);
    if (source.charCodeAt(last) === OPENING) {
      this.#opening = source.slice(start, last + 1);
      this.#closing = this.#opening.replaceAll("[", "]");
      this.text = this.#passLong(last + 1, last - start - 1, "unfinished long string", true);
      return T.STRING;
    }
    if (last === start + 1) return this.#end(last, OPENING);
    this.fail(`invalid long string delimiter near '${source.slice(start, last)}'`);
  }

  /**
   * Passes a long string or comment, and answers its content.
   *
   * @param start behind the second bracket
   * @param level how many equals signs its brackets have
   */
  #passLong(start: number, level: number, problem: string, isValue: boolean): string {
    const { source } = this;
    let text = "";
    let from = start;
    let position = start;
    const first = source.charCodeAt(position);
    if (first === NEWLINE || first === RETURN) from = position = this.#passNewline(position);
    while (position < source.length) {
      const c = source.charCodeAt(position);
      if (c === CLOSING || c === OPENING) {
        const last = this.#passEquals(position);
        if (last - position - 1 === level && source.charCodeAt(last) === c) {
          if (c === CLOSING) {
            this.#position = last + 1;
            return isValue ? text + source.slice(from, position) : "";
          }
          if (level === 0) this.#fail("nesting of [[...]] is deprecated", OPENING);
          position = last + 1;
        } else position = last;
      } else if (c === NEWLINE || c === RETURN) {
        const next = this.#passNewline(position);
        if (isValue && (c === RETURN || next > position + 1)) {
          text += source.slice(from, position) + "\n";
          from = next;
        }
        position = next;
      } else position++;
    }
    this.#fail(problem, T.END_OF_TEXT);
  }

  #scanString(start: number, quote: number): number {
    const { source } = this;
    let text = "";
    let from = start + 1;
    let position = from;
    this.#opening = this.#closing = quote === QUOTE ? '"' : "'";
    for (; position < source.length; position++) {
      const c = source.charCodeAt(position);
      if (c === quote) {
        this.#position = position + 1;
        this.text = text === ""
          ? source.slice(from, position)
          : text + source.slice(from, position);
        return T.STRING;
      }
      if (c === BACKSLASH) {
        text += source.slice(from, position);
        if (position + 1 === source.length) continue;
        text += this.#readEscape(position + 1, text);
        from = this.#position;
        position = from - 1;
      } else if (c === NEWLINE || c === RETURN) {
        this.#failInString("unfinished string", text + source.slice(from, position));
      }
    }
    this.#fail("unfinished string", T.END_OF_TEXT);
  }

  /** Fails within a string of which `text` has been read. */
  #failInString(message: string, text: string): never {
    this.fail(`${message} near '${untilZero(this.#opening + text)}'`);
  }

  /**
   * What an escape stands for; leaves the position behind it.
   *
   * @param position behind the backslash
   */
  #readEscape(position: number, before: string): string {
    const { source } = this;
    const c = source.charCodeAt(position);
    if (c === NEWLINE || c === RETURN) {
      this.#position = this.#passNewline(position);
      return "\n";
    }
    if (CLASSES[c] !== DIGIT) {
      this.#position = position + 1;
      const character = source[position];
      return ESCAPES[character] ?? character;
    }
    let value = 0;
    let at = position;
    do value = value * 10 + source.charCodeAt(at++) - ZERO; while (
      at < position + 3 && CLASSES[source.charCodeAt(at)] === DIGIT
    );
    if (value > 255) this.#failInString("escape sequence too large", before);
    this.#position = at;
    return String.fromCharCode(value);
  }
}
