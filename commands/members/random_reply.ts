/** Members chosen at random: what SRANDMEMBER, HRANDFIELD and ZRANDMEMBER answer. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { PinnedMembers } from "../../server/keyspace/pinned_members.ts";
import { DistinctSample } from "../../structures/set/distinct_sample.ts";
import { type MemberForm, type Members, type SeenField } from "./member_reply.ts";
import { replyDraws, replyWalk } from "./random_pieces.ts";

const sample = new DistinctSample();

/** Clients count the elements of a reply in 32 bits. */
const MAX_ELEMENTS = 2 ** 31 - 1;
const TOO_MANY = new ErrorReply(
  `ERR value is out of range, a reply has at most ${MAX_ELEMENTS} elements`,
);
/** Draws that one go may take: what cannot be sent in pieces holds up everybody. */
const MAX_DRAWS_AT_ONCE = 2 ** 20;
const TOO_MANY_AT_ONCE = new ErrorReply(
  `ERR value is out of range, at most ${MAX_DRAWS_AT_ONCE} members are drawn ` +
    "where the reply cannot be sent in pieces",
);

/** Twice as many elements still have to be a 64-bit number. */
const TOO_MANY_PAIRS = 2n ** 62n;
const OUT_OF_RANGE = new ErrorReply("ERR value is out of range");

/** Looks whether argument `i`, an integer, can be a count of pairs. @throws {ErrorReply} */
export function checkPairCount(call: Call, i: number): void {
  const pairs = call.int64(i);
  if (typeof pairs === "bigint" && (pairs >= TOO_MANY_PAIRS || pairs <= -TOO_MANY_PAIRS)) {
    throw OUT_OF_RANGE;
  }
}

/**
 * Replies with an array (of pairs, where the form has two elements) of members chosen at random:
 * `count` different ones, or all where there are fewer; `-count`, each chosen from all, where it is
 * negative. O(count), O(n) where that is less.
 *
 * @throws {ErrorReply} more than any reply can have, or than may be drawn at one go
 */
export function replyRandom<View extends Members>(
  call: Call,
  pins: PinnedMembers<View>,
  view: View,
  count: number,
  form: MemberForm<NoInfer<View> | SeenField>,
): void {
  const { reply } = call;
  if (count < 0) {
    const draws = -count;
    if (draws * form.elements > MAX_ELEMENTS) throw TOO_MANY;
    if (draws > MAX_DRAWS_AT_ONCE && !call.mayReplyInPieces) throw TOO_MANY_AT_ONCE;
    begin(reply, draws, form);
    return replyDraws(call, pins, view, draws, form);
  }
  const members = view.liveCount;
  begin(reply, Math.min(count, members), form);
  if (count >= members) return replyWalk(call, pins, view, form);
  sample.begin(view, count, call.keyspace.randomInt);
  while (sample.next()) form.write(reply, view);
}

function begin<View>(reply: Reply, count: number, form: MemberForm<View>): void {
  if (form.elements === 2) reply.pairs(count);
  else reply.array(count);
}
