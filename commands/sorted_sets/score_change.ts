/**
 * What ZADD, ZINCRBY and GEOADD do to a sorted set: members get scores, where options let them.
 *
 * The call is read first, all of its scores too, before the set is looked at: so one that is bad
 * changes nothing.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";
import {
  ADDED,
  type SortedSet,
  UNCHANGED,
  UPDATED,
} from "../../structures/sorted_set/sorted_set.ts";
import { scoreArgument } from "./score.ts";

/** Only members that are not there, or only those that are. */
export const NX = 1;
export const XX = 2;
/** Only scores that are greater than what a member has, or less. */
export const GT = 4;
export const LT = 8;
/** The reply counts what was updated, too. */
export const CH = 16;
/** The one score is added to what the member has, and the reply is the sum. */
export const INCR = 32;

/** What became of a pair that an option kept out, beside what SortedSet.add answers. */
const REFUSED = -1;

export const ZADD: KeyEvent = event("sortedSet", "zadd");
export const ZINCR: KeyEvent = event("sortedSet", "zincr");

const RESULT_NOT_A_NUMBER = new ErrorReply("ERR resulting score is not a number (NaN)");

/** Pairs for which there is always room to keep the scores. */
const KEPT_SCORES = 1024;
const keptScores = new Float64Array(KEPT_SCORES);

// Of the call under way.
let options = 0;
/** Members that get scores; the index of the first among the arguments, and from one to the next. */
let pairs = 0;
let firstMember = 0;
let memberStep = 0;
let scores = keptScores;

/**
 * Begins a change of `count` members' scores, each of which the caller writes into the array.
 *
 * @param chosen the options, bits that go together
 * @param member, step the index of the first member among the arguments, and from one to the next
 */
export function beginScores(
  chosen: number,
  count: number,
  member: number,
  step: number,
): Float64Array {
  options = chosen;
  pairs = count;
  firstMember = member;
  memberStep = step;
  scores = count <= KEPT_SCORES ? keptScores : new Float64Array(count);
  return scores;
}

/**
 * Reads the pairs of a call, from its argument `from` on: score, member, score, member …
 *
 * @param chosen the options, bits that go together
 * @throws {ErrorReply} a score that is none
 */
export function readScores(call: Call, chosen: number, from: number): void {
  const count = (call.count - from) / 2;
  const read = beginScores(chosen, count, from + 1, 2);
  for (let i = 0; i < count; i++) read[i] = scoreArgument(call.args, from + 2 * i);
}

/** The edit that carries out what was begun or read, and replies. */
export function applyScores({ args, reply }: Call, set: SortedSet): number {
  if ((options & INCR) !== 0) scores[0] = incremented(set, options, scores[0], args, firstMember);
  set.prepare(pairs, args.length(firstMember));
  let added = 0;
  let updated = 0;
  let outcome = UNCHANGED;
  for (let i = 0; i < pairs; i++) {
    outcome = apply(set, options, scores[i], args, firstMember + memberStep * i);
    if (outcome === ADDED) added++;
    else if (outcome === UPDATED) updated++;
  }
  if ((options & INCR) === 0) reply.integer((options & CH) !== 0 ? added + updated : added);
  else if (outcome === REFUSED) reply.nil();
  else reply.double(scores[0]);
  return added + updated;
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
