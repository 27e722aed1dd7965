/**
 * The arguments of commands that pop from the first of many keys that has something:
 *
 * ```
 *   [timeout] numkeys key [key …] LEFT|RIGHT [COUNT count]       MIN|MAX for sorted sets
 *             │       └ firstKey, keyCount of them
 *             └ countAt
 * ```
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";

const BAD_KEY_COUNT = new ErrorReply("ERR numkeys should be greater than 0");
const BAD_COUNT = new ErrorReply("ERR count should be greater than 0");

/** See the top of the file. One object, filled by each call. */
export class ManyKeysPop {
  firstKey = 0;
  keyCount = 0;
  /** Whether the end is the first of the two that could be named. */
  isFirstEnd = false;
  /** How many elements at the most. */
  count = 1;

  /** @param ends the two words for the ends, in upper case */
  constructor(readonly ends: readonly [string, string]) {}

  /** Reads a call whose number of keys is argument `countAt`. @throws {ErrorReply} */
  read(call: Call, countAt: number): void {
    const { args } = call;
    this.keyCount = positive(call, countAt, BAD_KEY_COUNT);
    this.firstKey = countAt + 1;
    const endAt = this.firstKey + this.keyCount;
    if (endAt >= call.count) throw SYNTAX_ERROR;
    this.isFirstEnd = args.is(endAt, this.ends[0]);
    if (!this.isFirstEnd && !args.is(endAt, this.ends[1])) throw SYNTAX_ERROR;
    this.count = 1;
    if (call.count === endAt + 1) return;
    if (!args.is(endAt + 1, "COUNT") || call.count === endAt + 2) throw SYNTAX_ERROR;
    this.count = positive(call, endAt + 2, BAD_COUNT);
    if (call.count > endAt + 3) throw SYNTAX_ERROR;
  }
}

/** Argument `i` as an integer from 1 on, rounded where it has many digits. */
function positive({ args }: Call, i: number, problem: ErrorReply): number {
  const value = Number(args.int64(i) ?? 0n);
  if (value < 1) throw problem;
  return value;
}
