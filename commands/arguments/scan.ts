/** What commands that list keys share: SCAN's cursor and options, patterns, and keys in replies. */

import type { Ref } from "../../structures/arena/arena.ts";
import type { RefList } from "../../structures/set/ref_list.ts";
import { INVALID_CURSOR, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { GlobPattern } from "../../structures/bytes/glob.ts";

const STAR = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;

const UINT64_MAX = 2n ** 64n - 1n;
/** Digits that a double holds in any case. */
const SAFE_DIGITS = 15;
const DEFAULT_COUNT = 10;
/** Buckets that a scan visits at most, for each element that it is to find. */
const STEPS_PER_ELEMENT = 10;

/**
 * The low 32 bits of argument `i` as a cursor, which is all that a table looks at. Cursors are
 * unsigned 64-bit decimals as C reads them: leading zeros and a sign are allowed, a NUL ends them.
 *
 * @throws {ErrorReply} INVALID_CURSOR
 */
export function cursorOf(call: Call, i: number): number {
  const { bytes } = call.args;
  const start = call.args.start(i);
  const end = start + call.args.length(i);
  let at = start;
  if (at === end || bytes[at] === 0) return 0;
  const isNegative = bytes[at] === MINUS;
  if (isNegative || bytes[at] === PLUS) at++;
  if (!isDigitAt(bytes, at, end)) throw INVALID_CURSOR;
  while (at < end && bytes[at] === ZERO) at++;
  const digitsStart = at;
  let value = 0;
  while (isDigitAt(bytes, at, end)) value = value * 10 + bytes[at++] - ZERO;
  if (at < end && bytes[at] !== 0) throw INVALID_CURSOR;
  if (at - digitsStart > SAFE_DIGITS) value = wideCursor(bytes.subarray(digitsStart, at));
  return isNegative ? -value >>> 0 : value >>> 0;
}

function isDigitAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && bytes[at] >= ZERO && bytes[at] <= ZERO + 9;
}

function wideCursor(digits: Uint8Array): number {
  if (digits.length > String(UINT64_MAX).length) throw INVALID_CURSOR;
  const value = BigInt(String.fromCharCode(...digits));
  if (value > UINT64_MAX) throw INVALID_CURSOR;
  return Number(BigInt.asUintN(32, value));
}

/** MATCH, COUNT and TYPE of a scan. One object is filled anew for each. */
export class ScanOptions {
  /** What is looked for; undefined where everything is. It reads the request's bytes. */
  pattern: GlobPattern | undefined;
  /** Index of the argument with the type's name, 0 for none. */
  type = 0;
  count = DEFAULT_COUNT;
  readonly #acceptsType: boolean;

  /** @param acceptsType whether TYPE is an option */
  constructor(acceptsType: boolean) {
    this.#acceptsType = acceptsType;
  }

  /**
   * Reads the arguments from `from` on.
   *
   * @throws {ErrorReply} for what is no option, or a count that is not positive
   */
  read(call: Call, from: number): void {
    const { args } = call;
    this.pattern = undefined;
    this.type = 0;
    this.count = DEFAULT_COUNT;
    for (let i = from; i < call.count; i += 2) {
      if (i + 1 === call.count) throw SYNTAX_ERROR;
      if (args.is(i, "COUNT")) {
        this.count = call.integer(i + 1);
        if (this.count < 1) throw SYNTAX_ERROR;
      } else if (args.is(i, "MATCH")) {
        this.pattern = patternOf(call, i + 1);
      } else if (this.#acceptsType && args.is(i, "TYPE")) {
        this.type = i + 1;
      } else {
        throw SYNTAX_ERROR;
      }
    }
  }

  /** How many buckets the scan may visit. */
  get maxSteps(): number {
    return this.count * STEPS_PER_ELEMENT;
  }
}

/** The pattern in argument `i`, undefined for the one that every key matches, the empty one too. */
export function patternOf({ args }: Call, i: number): GlobPattern | undefined {
  if (args.length(i) === 1 && args.bytes[args.start(i)] === STAR) return undefined;
  return new GlobPattern(args.bytes, args.start(i), args.length(i));
}

/** Whether an entry's key matches the pattern. */
export function keyMatches(call: Call, pattern: GlobPattern, entry: Ref): boolean {
  const { entries } = call.keyspace;
  return pattern.matches(
    entries.bytes(entry),
    entries.keyStart(entry),
    entries.keyLength(entry),
  );
}

/** Replies with an entry's key. O(key). */
export function replyKey(call: Call, entry: Ref): void {
  const { keyspace: { entries }, reply } = call;
  reply.bulkBytes(entries.bytes(entry), entries.keyStart(entry), entries.keyLength(entry));
}

/** Replies with an array of the entries' keys, and empties the list. O(keys). */
export function replyKeys(call: Call, found: RefList): void {
  const { count } = found;
  call.reply.array(count);
  for (let i = 0; i < count; i++) replyKey(call, found.at(i));
  found.clear();
}
