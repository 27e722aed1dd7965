/**
 * Lua patterns as small programs, made once a pattern.
 *
 * ```
 * "(%w+)=(.-);"    OPEN 0   MOST %w 1   CLOSE 0   BYTE =   OPEN 1   LEAST . ;   CLOSE 1   BYTE ;   MATCH
 * ```
 *
 * As groups are never repeated, what a capture is at some instruction is known beforehand: so captures are
 * numbered here, and all that is wrong with a pattern is an instruction FAULT, which the matcher meets
 * where Lua would: a fault behind what never matches is none.
 *
 * What follows a repetition helps it (`follower`): before a byte c that has to come, other places need
 * not be tried; and where nothing that the repetition takes can come next, it need never give back.
 */

import { ALL, areDisjoint, bracketSet, type ByteSet, classSet, setOfByte } from "./byte_set.ts";
import {
  AGAIN,
  ALL_OF,
  ANYTHING,
  BALANCE,
  BYTE,
  type CaptureKind,
  CLOSE,
  END,
  FAULT,
  FRONTIER,
  LEAST,
  MATCH,
  MAX_CAPTURES,
  MOST,
  NEVER,
  OPEN,
  OPTIONAL,
  POSITION,
  SET,
  STEP,
} from "./instructions.ts";

const PERCENT = 0x25;
const PARENTHESIS = 0x28;
const PARENTHESIS_END = 0x29;
const STAR = 0x2a;
const PLUS = 0x2b;
const DASH = 0x2d;
const POINT = 0x2e;
const QUESTION = 0x3f;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const CARET = 0x5e;
const DOLLAR = 0x24;

export interface Pattern {
  readonly code: Int32Array;
  readonly sets: readonly ByteSet[];
  readonly faults: readonly string[];
  readonly captures: readonly CaptureKind[];
  /** Whether it matches only where the search begins. */
  readonly isAnchored: boolean;
  /** Whether `find` takes it as plain text, as it has no special signs. */
  readonly isPlain: boolean;
  /** The text that it is, where it is nothing else. */
  readonly literal: string | undefined;
  /** Whether it is one byte of a set, or as many as there are and at least one. */
  readonly isRun: boolean;
  /** The instruction that takes the first byte of any match, in a set or alone; -1: it may be empty. */
  readonly firstAt: number;
  /** How many instructions may have something left to try. */
  readonly choices: number;
}

/** Patterns that are kept, and how long they may be. */
const MAX_KEPT = 300;
const MAX_KEPT_LENGTH = 100;
const kept = new Map<string, Pattern>();
let lastSource: string | undefined;
let last: Pattern;

/** The program of a pattern, which ends at a zero byte. O(length), or a look-up where it was used lately. */
export function patternOf(source: string): Pattern {
  if (source === lastSource) return last;
  let pattern = kept.get(source);
  if (pattern === undefined) {
    pattern = new PatternCompiler(source).compile();
    if (source.length > MAX_KEPT_LENGTH) return pattern;
    if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!);
    kept.set(source, pattern);
  }
  lastSource = source;
  last = pattern;
  return pattern;
}

const SPECIAL = /[\^$*+?.(\[%-]/;

/** The program that finds a text as it is. O(length). */
export function plainPattern(text: string): Pattern {
  const code: number[] = [];
  for (let i = 0; i < text.length; i++) code.push(BYTE, text.charCodeAt(i), 0, 0);
  code.push(MATCH, 0, 0, 0);
  return {
    code: Int32Array.from(code),
    sets: [],
    faults: [],
    captures: [],
    isAnchored: false,
    isPlain: true,
    literal: text,
    isRun: false,
    firstAt: 0,
    choices: 0,
  };
}

class PatternCompiler {
  readonly #source: string;
  readonly #code: number[] = [];
  readonly #sets: ByteSet[] = [];
  readonly #faults: string[] = [];
  readonly #captures: CaptureKind[] = [];
  #at = 0;

  constructor(source: string) {
    const zero = source.indexOf("\0");
    this.#source = zero < 0 ? source : source.slice(0, zero);
  }

  compile(): Pattern {
    const source = this.#source;
    const isAnchored = source.charCodeAt(0) === CARET;
    if (isAnchored) this.#at++;
    while (this.#at < source.length && this.#item());
    this.#emit(MATCH);
    const choices = this.#settleRepetitions();
    return {
      code: Int32Array.from(this.#code),
      sets: this.#sets,
      faults: this.#faults,
      captures: this.#captures,
      isAnchored,
      isPlain: !SPECIAL.test(source),
      literal: this.#literal(isAnchored),
      isRun: !isAnchored && this.#isRun(),
      firstAt: this.#firstAt(),
      choices,
    };
  }

  /** Compiles the item at the position; false where nothing behind it can be reached. */
  #item(): boolean {
    const source = this.#source;
    const at = this.#at;
    switch (source.charCodeAt(at)) {
      case PARENTHESIS:
        return this.#open(source.charCodeAt(at + 1) === PARENTHESIS_END);
      case PARENTHESIS_END:
        return this.#close();
      case DOLLAR:
        if (at + 1 < source.length) return this.#single();
        this.#at++;
        this.#emit(END);
        return true;
      case PERCENT:
        return this.#escape(source[at + 1]);
      default:
        return this.#single();
    }
  }

  #open(isPosition: boolean): boolean {
    const captures = this.#captures;
    if (captures.length === MAX_CAPTURES) return this.#fault("too many captures");
    this.#emit(isPosition ? POSITION : OPEN, captures.length);
    captures.push(isPosition ? "position" : "unfinished");
    this.#at += isPosition ? 2 : 1;
    return true;
  }

  #close(): boolean {
    const capture = this.#captures.lastIndexOf("unfinished");
    if (capture < 0) return this.#fault("invalid pattern capture");
    this.#captures[capture] = "text";
    this.#emit(CLOSE, capture);
    this.#at++;
    return true;
  }

  #escape(letter: string | undefined): boolean {
    if (letter === "b") return this.#balance();
    if (letter === "f") return this.#frontier();
    if (letter === undefined || letter < "0" || letter > "9") return this.#single();
    const capture = Number(letter) - 1;
    const kind = this.#captures[capture];
    if (kind === undefined || kind === "unfinished") {
      return this.#fault("invalid capture index");
    }
    // No text is as long as the position's length stands for.
    if (kind === "position") this.#emit(NEVER);
    else this.#emit(AGAIN, capture);
    this.#at += 2;
    return true;
  }

  #balance(): boolean {
    const source = this.#source;
    if (this.#at + 3 >= source.length) return this.#fault("unbalanced pattern");
    this.#emit(BALANCE, source.charCodeAt(this.#at + 2), source.charCodeAt(this.#at + 3));
    this.#at += 4;
    return true;
  }

  #frontier(): boolean {
    const open = this.#at + 2;
    if (this.#source.charCodeAt(open) !== BRACKET) {
      return this.#fault("missing '[' after '%f' in pattern");
    }
    const close = this.#bracketEnd(open);
    if (close < 0) return this.#missingBracket();
    this.#emit(FRONTIER, this.#setIndex(bracketSet(this.#source, open, close)));
    this.#at = close + 1;
    return true;
  }

  /** Compiles what matches one byte, and how often it may come. */
  #single(): boolean {
    const source = this.#source;
    const at = this.#at;
    let byte = source.charCodeAt(at);
    let set: ByteSet | undefined;
    let end = at + 1;
    if (byte === PERCENT) {
      if (end === source.length) return this.#fault("malformed pattern (ends with '%')");
      byte = source.charCodeAt(end++);
      set = classSet(byte);
    } else if (byte === BRACKET) {
      const close = this.#bracketEnd(at);
      if (close < 0) return this.#missingBracket();
      set = bracketSet(source, at, close);
      end = close + 1;
    } else if (byte === POINT) set = ALL;
    this.#at = end + 1;
    switch (source.charCodeAt(end)) {
      case STAR:
        this.#emit(MOST, this.#setIndex(set ?? setOfByte(byte)), ANYTHING, 0);
        break;
      case PLUS:
        this.#emit(MOST, this.#setIndex(set ?? setOfByte(byte)), ANYTHING, 1);
        break;
      case DASH:
        this.#emit(LEAST, this.#setIndex(set ?? setOfByte(byte)), ANYTHING);
        break;
      case QUESTION:
        this.#emit(OPTIONAL, this.#setIndex(set ?? setOfByte(byte)));
        break;
      default:
        this.#at = end;
        if (set === undefined) this.#emit(BYTE, byte);
        else this.#emit(SET, this.#setIndex(set));
    }
    return true;
  }

  /** Where the `]` of a `[` is, -1 where there is none. One right behind the beginning is a member. */
  #bracketEnd(open: number): number {
    const source = this.#source;
    let at = open + 1;
    if (source.charCodeAt(at) === CARET) at++;
    do {
      if (at >= source.length) return -1;
      if (source.charCodeAt(at++) === PERCENT && at < source.length) at++;
    } while (source.charCodeAt(at) !== BRACKET_END);
    return at;
  }

  #missingBracket(): boolean {
    return this.#fault("malformed pattern (missing ']')");
  }

  #fault(text: string): false {
    this.#emit(FAULT, this.#faults.length);
    this.#faults.push(text);
    return false;
  }

  #setIndex(set: ByteSet): number {
    const index = this.#sets.indexOf(set);
    return index < 0 ? this.#sets.push(set) - 1 : index;
  }

  #emit(op: number, a = 0, b = 0, c = 0): void {
    this.#code.push(op, a, b, c);
  }

  /** Tells repetitions what follows them; answers how many leave something to try. */
  #settleRepetitions(): number {
    const code = this.#code;
    const sets = this.#sets;
    let choices = 0;
    // From the end on, past what takes no bytes: the instruction that each is followed by.
    let next = code.length - STEP;
    for (let pc = next - STEP; pc >= 0; pc -= STEP) {
      const op = code[pc];
      if (op === OPEN || op === CLOSE || op === POSITION) continue;
      const isRepetition = op === MOST || op === LEAST;
      if (isRepetition && code[next] === BYTE) code[pc + 2] = code[next + 1];
      if (op === MOST && this.#isFinal(sets[code[pc + 1]], next)) code[pc] = ALL_OF;
      if (isRepetition || op === OPTIONAL) choices++;
      next = pc;
    }
    return choices;
  }

  /** Whether a repetition gains nothing by giving back what the instruction behind it cannot take. */
  #isFinal(set: ByteSet, next: number): boolean {
    const code = this.#code;
    switch (code[next]) {
      case MATCH:
      case END:
        return true;
      case BYTE:
        return set[code[next + 1]] === 0;
      case SET:
        return areDisjoint(set, this.#sets[code[next + 1]]);
      case MOST:
      case ALL_OF:
        return code[next + 3] === 1 && areDisjoint(set, this.#sets[code[next + 1]]);
      default:
        return false;
    }
  }

  #isRun(): boolean {
    const [op, , , least] = this.#code;
    return this.#code[STEP] === MATCH && (op === SET || op === ALL_OF && least === 1);
  }

  #firstAt(): number {
    const code = this.#code;
    let pc = 0;
    while (code[pc] === OPEN || code[pc] === CLOSE || code[pc] === POSITION) pc += STEP;
    const op = code[pc];
    const isSure = op === BYTE || op === SET ||
      (op === MOST || op === ALL_OF) && code[pc + 3] === 1;
    return isSure ? pc : -1;
  }

  #literal(isAnchored: boolean): string | undefined {
    const code = this.#code;
    if (isAnchored) return undefined;
    let text = "";
    for (let pc = 0; pc < code.length - STEP; pc += STEP) {
      if (code[pc] !== BYTE) return undefined;
      text += String.fromCharCode(code[pc + 1]);
    }
    return text;
  }
}
