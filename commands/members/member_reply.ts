/**
 * Members of sets and hashes in replies: all of them, or some at random. A {@linkcode MemberForm}
 * says what of each member is told, so that SMEMBERS and HGETALL, SRANDMEMBER and HRANDFIELD are
 * the same walk.
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { DistinctSample } from "../../structures/set/distinct_sample.ts";
import type { MemberCursor } from "../../structures/set/member_cursor.ts";
import type { MemberOperations } from "../../structures/set/member_operations.ts";

/** Any set or hash. */
export type Members = MemberCursor<MemberOperations>;

/** How one member of a view is told. */
export interface MemberForm<View extends Members> {
  /** Elements of the reply for each member. */
  readonly elements: number;
  /** Writes what is under the view's cursor. */
  write(this: void, reply: Reply, view: View): void;
}

/** The member's bytes alone. */
export const MEMBER: MemberForm<Members> = {
  elements: 1,
  write(reply, { member }) {
    reply.bulkBytes(member.bytes, member.start, member.length);
  },
};

/** Writes every member, behind a header that the caller has written. O(n). */
export function writeAll<View extends Members>(
  reply: Reply,
  view: View,
  form: MemberForm<View>,
): void {
  for (let more = view.seekFirst(); more; more = view.next()) form.write(reply, view);
}

const sample = new DistinctSample();

/**
 * Replies with an array of members chosen at random: `count` different ones, or all where there are
 * fewer; `-count`, each chosen from all, where it is negative. O(count), O(n) where that is less.
 */
export function replyRandom<View extends Members>(
  call: Call,
  view: View,
  count: number,
  form: MemberForm<View>,
): void {
  const { reply, keyspace: { randomInt } } = call;
  if (count < 0) {
    reply.array(-count * form.elements);
    for (let left = -count; left > 0; left--) {
      view.seekRandom(randomInt);
      form.write(reply, view);
    }
    return;
  }
  reply.array(Math.min(count, view.count) * form.elements);
  if (count >= view.count) return writeAll(reply, view, form);
  sample.begin(view, count, randomInt);
  while (sample.next()) form.write(reply, view);
}
