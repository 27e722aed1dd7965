/**
 * ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member …]
 *
 * Every score is read before anything is changed, so a call with a bad one changes nothing.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import {
  ADDED,
  type SortedSet,
  UNCHANGED,
  UPDATED,
} from "../../structures/sorted_set/sorted_set.ts";
import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { scoreChangePrefetch } from "./score_change_prefetch.ts";
import { scoreArgument } from "./score.ts";

// Options, which may all be given more than once.
const NX = 1;
const XX = 2;
const GT = 4;
const LT = 8;
const CH = 16;
const INCR = 32;

/** The first letter: no option begins with a byte below, and few scores with one from here on. */
const FIRST_LETTER = 0x41;

/** What became of a pair that an option kept out, beside what SortedSet.add answers. */
const REFUSED = -1;

const NX_WITH_XX = new ErrorReply("ERR XX and NX options at the same time are not compatible");
const GT_LT_NX = new ErrorReply(
  "ERR GT, LT, and/or NX options at the same time are not compatible",
);
const INCR_WITH_PAIRS = new ErrorReply("ERR INCR option supports a single increment-element pair");
const RESULT_NOT_A_NUMBER = new ErrorReply("ERR resulting score is not a number (NaN)");

const ZADD = event("sortedSet", "zadd");
const ZINCR = event("sortedSet", "zincr");

/** Pairs for which there is always room to keep the scores. */
const KEPT_SCORES = 1024;
const keptScores = new Float64Array(KEPT_SCORES);

// Of the call under way, read before the set is looked at.
let options = 0;
/** Index of the first score. */
let first = 0;
let scores = keptScores;

register({
  name: "zadd",
  arity: -4,
  complexity: "O(log(N)) for each pair, N being the number of elements",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Adds members with scores to a sorted set, or gives members that it has other scores.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "update"),
  history: [
    ["2.4.0", "More than one pair."],
    ["3.0.2", "XX, NX, CH and INCR."],
    ["6.2.0", "GT and LT."],
  ],
  arguments: [
    { name: "key", type: "key" },
    {
      name: "condition",
      type: "oneof",
      optional: true,
      since: "3.0.2",
      arguments: [
        { name: "nx", type: "pure-token", token: "NX" },
        { name: "xx", type: "pure-token", token: "XX" },
      ],
    },
    {
      name: "comparison",
      type: "oneof",
      optional: true,
      since: "6.2.0",
      arguments: [
        { name: "gt", type: "pure-token", token: "GT" },
        { name: "lt", type: "pure-token", token: "LT" },
      ],
    },
    { name: "change", type: "pure-token", token: "CH", optional: true, since: "3.0.2" },
    { name: "increment", type: "pure-token", token: "INCR", optional: true, since: "3.0.2" },
    {
      name: "data",
      type: "block",
      multiple: true,
      arguments: [
        { name: "score", type: "double" },
        { name: "member", type: "string" },
      ],
    },
  ],
  prefetch: scoreChangePrefetch,
  run(call) {
    const { args, keyspace: { sortedSets }, reply } = call;
    options = 0;
    for (first = 2; first < call.count; first++) {
      const option = optionAt(args, first);
      if (option === 0) break;
      options |= option;
    }
    const pairs = (call.count - first) / 2;
    if (pairs === 0 || pairs !== Math.trunc(pairs)) throw SYNTAX_ERROR;
    checkCompatible(options, pairs);
    scores = pairs <= KEPT_SCORES ? keptScores : new Float64Array(pairs);
    for (let i = 0; i < pairs; i++) scores[i] = scoreArgument(args, first + 2 * i);
    const event = (options & INCR) !== 0 ? ZINCR : ZADD;
    if ((options & XX) === 0) sortedSets.change(call, 1, add, event);
    else if (sortedSets.changePresent(call, 1, add, event) === MISSING) {
      if ((options & INCR) !== 0) reply.nil();
      else reply.integer(0);
    }
  },
});

/** Carries out the call that was read. */
function add({ args, count, reply }: Call, set: SortedSet): number {
  const pairs = (count - first) / 2;
  if ((options & INCR) !== 0) scores[0] = incremented(set, options, scores[0], args, first + 1);
  set.prepare(pairs, args.length(first + 1));
  let added = 0;
  let updated = 0;
  let outcome = UNCHANGED;
  for (let i = 0; i < pairs; i++) {
    outcome = apply(set, options, scores[i], args, first + 2 * i + 1);
    if (outcome === ADDED) added++;
    else if (outcome === UPDATED) updated++;
  }
  if ((options & INCR) === 0) reply.integer((options & CH) !== 0 ? added + updated : added);
  else if (outcome === REFUSED) reply.nil();
  else reply.double(scores[0]);
  return added + updated;
}

/** The option that argument `i` is, 0 if it is none. */
function optionAt(args: Arguments, i: number): number {
  // Most scores begin with what no option does.
  if (args.bytes[args.start(i)] < FIRST_LETTER) return 0;
  if (args.is(i, "NX")) return NX;
  if (args.is(i, "XX")) return XX;
  if (args.is(i, "GT")) return GT;
  if (args.is(i, "LT")) return LT;
  if (args.is(i, "CH")) return CH;
  if (args.is(i, "INCR")) return INCR;
  return 0;
}

function checkCompatible(options: number, pairs: number): void {
  if ((options & (NX | XX)) === (NX | XX)) throw NX_WITH_XX;
  const exclusive = options & (NX | GT | LT);
  if ((exclusive & (exclusive - 1)) !== 0) throw GT_LT_NX;
  if ((options & INCR) !== 0 && pairs > 1) throw INCR_WITH_PAIRS;
}

/** The score that member `i` is to have after an increment. */
function incremented(
  set: SortedSet,
  options: number,
  increment: number,
  args: Arguments,
  i: number,
): number {
  const present = set.find(args.bytes, args.start(i), args.length(i));
  if (!present || (options & NX) !== 0) return increment;
  const score = set.score + increment;
  if (Number.isNaN(score)) throw RESULT_NOT_A_NUMBER;
  return score;
}

/** Gives member `i` a score, where the options let it. */
function apply(
  set: SortedSet,
  options: number,
  score: number,
  args: Arguments,
  i: number,
): number {
  const { bytes } = args;
  const start = args.start(i);
  const length = args.length(i);
  if (!set.find(bytes, start, length)) {
    if ((options & XX) !== 0) return REFUSED;
    set.insert(score, bytes, start, length);
    return ADDED;
  }
  const present = set.score;
  if (
    (options & NX) !== 0 || ((options & GT) !== 0 && score <= present) ||
    ((options & LT) !== 0 && score >= present)
  ) return REFUSED;
  if (score === present) return UNCHANGED;
  set.setScore(score);
  return UPDATED;
}
