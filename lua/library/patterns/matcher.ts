/**
 * Looks for a pattern in a text, step by step. All that it knows is in its fields between steps, so that
 * it can stop in the middle of any search and go on later: a pattern may be made to take for ever.
 *
 * ```
 * subject   . . . . . . . . . . . .          choices    pc  at  floor      what is left to try,
 *                 ^       ^                             pc  at  floor      the newest last
 *               start     at
 * ```
 *
 * An instruction leaves at most one choice, so there are never more than the pattern has repetitions, and
 * there is no recursion to bound. Going back needs to undo no capture: on the way to where it is asked
 * for, each is set anew.
 */

import { fail } from "../../runtime/lua_error.ts";
import {
  AGAIN,
  ALL_OF,
  ANYTHING,
  BALANCE,
  BYTE,
  CLOSE,
  END,
  FAULT,
  FRONTIER,
  LEAST,
  MATCH,
  MAX_CAPTURES,
  MOST,
  OPEN,
  OPTIONAL,
  POSITION,
  SET,
  STEP,
} from "./instructions.ts";
import type { Pattern } from "./pattern.ts";

/** How a search has gone so far. */
export type Outcome = "found" | "none" | "paused";

/** What searching is paid from: a step costs 1, and where nothing is left the search pauses. */
export interface Purse {
  budget: number;
}

/** Numbers of a choice: the instruction, where it has got to, and how far back it may go. */
const CHOICE = 3;
/** The matcher is to look for the next place to begin at. */
const BEFORE_START = -1;
/** Eight bytes are passed at the price of a step. */
const BYTES_SHIFT = 3;
/** Where a text's length times its subject's is more, looking for it at once might take seconds. */
export const MAX_AT_ONCE = 2e8;

export class Matcher {
  subject = "";
  /** Where the match begins, and the byte behind it. */
  start = 0;
  end = 0;
  pattern!: Pattern;
  readonly captureStarts = new Int32Array(MAX_CAPTURES);
  readonly captureEnds = new Int32Array(MAX_CAPTURES);
  #choices = new Int32Array(CHOICE * 8);
  #choiceCount = 0;
  #pc = BEFORE_START;
  #at = 0;
  /** Bytes that the last helper has looked at. */
  #passed = 0;

  /** Prepares to look for a pattern from an offset on, which may be the end of the subject. */
  begin(pattern: Pattern, subject: string, from: number): void {
    this.pattern = pattern;
    this.subject = subject;
    this.start = from;
    this.#pc = BEFORE_START;
    if (pattern.choices * CHOICE > this.#choices.length) {
      this.#choices = new Int32Array(pattern.choices * CHOICE);
    }
  }

  /** Looks on. @throws {LuaError} where the pattern is at fault */
  search(purse: Purse): Outcome {
    const { subject, pattern } = this;
    const { literal } = pattern;
    if (literal !== undefined && literal.length * subject.length < MAX_AT_ONCE) {
      return this.#searchLiteral(literal, purse);
    }
    if (pattern.isRun) return this.#searchRun(purse);
    const { code, sets, isAnchored } = pattern;
    const choices = this.#choices;
    const length = subject.length;
    let fuel = purse.budget;
    let { start } = this;
    let pc = this.#pc;
    let at = this.#at;
    let count = this.#choiceCount;
    for (;;) {
      if (pc === BEFORE_START) {
        if (!isAnchored) {
          const from = start;
          start = this.#candidate(start);
          if (start > length) break;
          fuel -= (start - from) >> BYTES_SHIFT;
        }
        pc = 0;
        at = start;
        count = 0;
      }
      // One turn an instruction; `break` where it does not match.
      for (;;) {
        if (fuel-- < 0) {
          this.start = start;
          this.#pc = pc;
          this.#at = at;
          this.#choiceCount = count;
          purse.budget = fuel;
          return "paused";
        }
        matches: {
          switch (code[pc]) {
            case BYTE:
              if (at >= length || subject.charCodeAt(at) !== code[pc + 1]) break matches;
              at++;
              pc += STEP;
              continue;
            case SET:
              if (at >= length || sets[code[pc + 1]][subject.charCodeAt(at)] === 0) break matches;
              at++;
              pc += STEP;
              continue;
            case ALL_OF:
            case MOST: {
              const set = sets[code[pc + 1]];
              const first = at;
              while (at < length && set[subject.charCodeAt(at)] !== 0) at++;
              fuel -= (at - first) >> BYTES_SHIFT;
              const floor = first + code[pc + 3];
              if (at < floor) break matches;
              if (code[pc] === MOST && at > floor) {
                choices[count] = pc;
                choices[count + 1] = at;
                choices[count + 2] = floor;
                count += CHOICE;
              }
              pc += STEP;
              continue;
            }
            case LEAST: {
              at = this.#nextFollower(pc, at);
              fuel -= this.#passed >> BYTES_SHIFT;
              if (at < 0) break matches;
              choices[count] = pc;
              choices[count + 1] = at;
              count += CHOICE;
              pc += STEP;
              continue;
            }
            case OPTIONAL:
              if (at < length && sets[code[pc + 1]][subject.charCodeAt(at)] !== 0) {
                choices[count] = pc;
                choices[count + 1] = at;
                count += CHOICE;
                at++;
              }
              pc += STEP;
              continue;
            case OPEN:
            case POSITION:
              this.captureStarts[code[pc + 1]] = at;
              pc += STEP;
              continue;
            case CLOSE:
              this.captureEnds[code[pc + 1]] = at;
              pc += STEP;
              continue;
            case AGAIN:
              at = this.#again(code[pc + 1], at);
              fuel -= this.#passed >> BYTES_SHIFT;
              if (at < 0) break matches;
              pc += STEP;
              continue;
            case BALANCE:
              at = this.#balanced(code[pc + 1], code[pc + 2], at);
              fuel -= this.#passed >> BYTES_SHIFT;
              if (at < 0) break matches;
              pc += STEP;
              continue;
            case FRONTIER: {
              const set = sets[code[pc + 1]];
              const before = at === 0 ? 0 : subject.charCodeAt(at - 1);
              const here = at === length ? 0 : subject.charCodeAt(at);
              if (set[before] !== 0 || set[here] === 0) break matches;
              pc += STEP;
              continue;
            }
            case END:
              if (at < length) break matches;
              pc += STEP;
              continue;
            case MATCH:
              this.start = start;
              this.end = at;
              purse.budget = fuel;
              return "found";
            case FAULT:
              purse.budget = fuel;
              fail(pattern.faults[code[pc + 1]]);
          }
        }
        // Back to the newest choice that has something left.
        pc = BEFORE_START;
        while (count > 0) {
          const choice = count - CHOICE;
          const chooser = choices[choice];
          const op = code[chooser];
          if (op === OPTIONAL) {
            at = choices[choice + 1];
            count = choice;
          } else if (op === MOST) {
            const tried = choices[choice + 1];
            at = this.#previousFollower(code[chooser + 2], tried - 1, choices[choice + 2]);
          } else {
            const tried = choices[choice + 1];
            at = tried < length && sets[code[chooser + 1]][subject.charCodeAt(tried)] !== 0
              ? this.#nextFollower(chooser, tried + 1)
              : -1;
          }
          if (op !== OPTIONAL) {
            fuel -= this.#passed >> BYTES_SHIFT;
            if (at < 0) {
              count = choice;
              continue;
            }
            choices[choice + 1] = at;
          }
          pc = chooser + STEP;
          break;
        }
        if (pc === BEFORE_START) break;
      }
      if (isAnchored || start >= length) break;
      start++;
    }
    purse.budget = fuel;
    return "none";
  }

  /** The text, or the position, of a capture; the whole match where there is none and the first is asked. */
  capture(index: number): string | number {
    const { captures } = this.pattern;
    if (index >= captures.length) {
      if (index > 0) fail("invalid capture index");
      return this.subject.slice(this.start, this.end);
    }
    const start = this.captureStarts[index];
    switch (captures[index]) {
      case "text":
        return this.subject.slice(start, this.captureEnds[index]);
      case "position":
        return start + 1;
      case "unfinished":
        fail("unfinished capture");
    }
  }

  /** Whether a capture is there, and is text. */
  isText(index: number): boolean {
    return this.pattern.captures[index] === "text";
  }

  #searchLiteral(literal: string, purse: Purse): Outcome {
    const found = this.subject.indexOf(literal, this.start);
    const passed = (found < 0 ? this.subject.length : found) - this.start;
    purse.budget -= 1 + (passed >> BYTES_SHIFT);
    if (found < 0) return "none";
    this.start = found;
    this.end = found + literal.length;
    return "found";
  }

  /** Looks for one byte of a set, or for as many as there are. */
  #searchRun(purse: Purse): Outcome {
    const { subject, pattern, start } = this;
    const { code, sets } = pattern;
    const set = sets[code[1]];
    const { length } = subject;
    let at = start;
    while (at < length && set[subject.charCodeAt(at)] === 0) at++;
    this.start = at;
    if (at < length) at++;
    if (code[0] === ALL_OF) { while (at < length && set[subject.charCodeAt(at)] !== 0) at++; }
    this.end = at;
    purse.budget -= 1 + ((at - start) >> BYTES_SHIFT);
    return this.start < length ? "found" : "none";
  }

  /** The first offset from one on at which the pattern can begin; behind the end where there is none. */
  #candidate(from: number): number {
    const { subject } = this;
    const { code, sets, firstAt } = this.pattern;
    if (firstAt < 0) return from;
    const { length } = subject;
    if (code[firstAt] === BYTE) {
      const found = subject.indexOf(String.fromCharCode(code[firstAt + 1]), from);
      return found < 0 ? length + 1 : found;
    }
    const set = sets[code[firstAt + 1]];
    let at = from;
    while (at < length && set[subject.charCodeAt(at)] === 0) at++;
    return at < length ? at : length + 1;
  }

  /** Where LEAST may stop from an offset on: where its follower is, if it is known; -1: nowhere. */
  #nextFollower(pc: number, from: number): number {
    const { subject } = this;
    const { code, sets } = this.pattern;
    const follower = code[pc + 2];
    this.#passed = 0;
    if (follower === ANYTHING) return from;
    const set = sets[code[pc + 1]];
    const { length } = subject;
    let at = from;
    let found = -1;
    for (; at < length; at++) {
      const byte = subject.charCodeAt(at);
      if (byte === follower) {
        found = at;
        break;
      }
      if (set[byte] === 0) break;
    }
    this.#passed = at - from;
    return found;
  }

  /** The last offset from one down to another that a follower is at; -1: none. */
  #previousFollower(follower: number, from: number, floor: number): number {
    this.#passed = 0;
    if (follower === ANYTHING) return from < floor ? -1 : from;
    const { subject } = this;
    let at = from;
    while (at >= floor && subject.charCodeAt(at) !== follower) at--;
    this.#passed = from - at;
    return at < floor ? -1 : at;
  }

  /** Where a capture's text ends that stands at an offset once more; -1: it does not. */
  #again(capture: number, at: number): number {
    const { subject } = this;
    const start = this.captureStarts[capture];
    const size = this.captureEnds[capture] - start;
    this.#passed = 0;
    if (subject.length - at < size) return -1;
    let same = 0;
    while (same < size && subject.charCodeAt(start + same) === subject.charCodeAt(at + same)) {
      same++;
    }
    this.#passed = same;
    return same < size ? -1 : at + size;
  }

  /** The offset behind the byte that closes what an opening one at an offset begins; -1: none. */
  #balanced(opening: number, closing: number, from: number): number {
    const { subject } = this;
    const { length } = subject;
    this.#passed = 0;
    if (from >= length || subject.charCodeAt(from) !== opening) return -1;
    let open = 1;
    let at = from + 1;
    for (; at < length && open > 0; at++) {
      const byte = subject.charCodeAt(at);
      if (byte === closing) open--;
      else if (byte === opening) open++;
    }
    this.#passed = at - from;
    return open > 0 ? -1 : at;
  }
}
