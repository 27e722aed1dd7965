/** LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len] */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { List } from "../../structures/list/list.ts";
import { signedCountArgument } from "../arguments/count_argument.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const ZERO_RANK = new ErrorReply(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use " +
    "negative to start from the end of the list",
);
const NEGATIVE_COUNT = new ErrorReply("ERR COUNT can't be negative");
const NEGATIVE_LENGTH = new ErrorReply("ERR MAXLEN can't be negative");

/** For COUNT: it was not given, and one match is answered by itself. */
const ONE = -1;

const options = new OptionCursor();

register({
  name: "lpos",
  arity: -3,
  complexity: "O(N) with N elements, of which those behind the last match sought are not looked at",
  group: "list",
  since: "6.0.6",
  summary: "Answers where in a list an element stands, once or several times.",
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "element", type: "string" },
    { name: "rank", type: "integer", token: "RANK", optional: true },
    { name: "num-matches", type: "integer", token: "COUNT", optional: true },
    { name: "len", type: "integer", token: "MAXLEN", optional: true },
  ],
  run(call) {
    const { args, reply } = call;
    let rank = 1;
    let count = ONE;
    let most = 0;
    options.begin(args, 3);
    while (options.hasMore) {
      if (options.value("RANK", 1)) {
        rank = signedCountArgument(call, options.valueAt);
        if (rank === 0) throw ZERO_RANK;
      } else if (options.value("COUNT", 1)) {
        count = naturalArgument(call, options.valueAt, NEGATIVE_COUNT);
      } else if (options.value("MAXLEN", 1)) {
        most = naturalArgument(call, options.valueAt, NEGATIVE_LENGTH);
      } else throw SYNTAX_ERROR;
    }
    const list = call.keyspace.lists.read(call, 1);
    if (list !== undefined) list.setSought(args.bytes, args.start(2), args.length(2));
    const looks = most === 0 ? Infinity : most;
    if (count !== ONE) replyPositions(call, list, rank, count === 0 ? Infinity : count, looks);
    else if (list === undefined || !writePosition(call, list, rank, looks)) reply.nil();
  },
});

/** Argument `i` as a number from 0 on, rounded where a double cannot hold it. */
function naturalArgument({ args }: Call, i: number, problem: ErrorReply): number {
  const value = args.safeInteger(i);
  if (value >= 0) return value;
  const wide = args.int64(i);
  if (wide === undefined || wide < 0n) throw problem;
  return Number(wide);
}

/** Writes the position of the match of a rank, if there is one. */
function writePosition(call: Call, list: List, rank: number, looks: number): boolean {
  return writePositions(call, list, rank, 1, looks) === 1;
}

function replyPositions(
  call: Call,
  list: List | undefined,
  rank: number,
  count: number,
  looks: number,
): void {
  const { reply } = call;
  if (list === undefined) return reply.array(0);
  const mark = reply.lateArray();
  reply.endLateArray(mark, writePositions(call, list, rank, count, looks));
}

/**
 * Writes the positions of matches from one rank on, which counts from the end if negative.
 *
 * @param most matches to be written
 * @param looks elements that are looked at
 * @returns how many were written
 */
function writePositions(
  { reply }: Call,
  list: List,
  rank: number,
  most: number,
  looks: number,
): number {
  const backwards = rank < 0;
  const last = list.count - 1;
  let before = Math.abs(rank) - 1;
  let written = 0;
  let passed = 0;
  let more = backwards ? list.seekLast() : list.seekFirst();
  while (more && written < most && passed < looks) {
    const step = list.seekEqual(backwards, looks - passed);
    if (step < 0) break;
    passed += step;
    if (before > 0) before--;
    else {
      reply.integer(backwards ? last - passed : passed);
      written++;
    }
    passed++;
    more = written < most && (backwards ? list.previous() : list.next());
  }
  return written;
}
