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
  /** Elements of the reply for each member: 1, or 2 for a pair. */
  readonly elements: 1 | 2;
  /** Writes what is under the view's cursor. */
  write(this: void, reply: Reply, view: View): void;
}

/** The member's bytes alone. */
export const MEMBER: MemberForm<Members> = {
  elements: 1,
  write: (reply, { member }) => reply.bulkView(member),
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
 * Replies with an array (of pairs, where the form has two elements) of members chosen at random: `count` different ones, or all where there are
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
    begin(reply, -count, form);
    for (let left = -count; left > 0; left--) {
      view.seekRandom(randomInt);
      writeOne(reply, view, form);
    }
    return;
  }
  begin(reply, Math.min(count, view.count), form);
  if (count >= view.count) {
    for (let more = view.seekFirst(); more; more = view.next()) writeOne(reply, view, form);
    return;
  }
  sample.begin(view, count, randomInt);
  while (sample.next()) writeOne(reply, view, form);
}

function begin<View extends Members>(reply: Reply, count: number, form: MemberForm<View>): void {
  if (form.elements === 2) reply.pairs(count);
  else reply.array(count);
}

function writeOne<View extends Members>(reply: Reply, view: View, form: MemberForm<View>): void {
  if (form.elements === 2) reply.pair();
  form.write(reply, view);
}
