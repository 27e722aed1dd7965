/**
 * Members of sets and hashes in replies. A {@linkcode MemberForm} says what of each member is told,
 * so that SMEMBERS and HGETALL, SRANDMEMBER and HRANDFIELD are the same walk.
 */

import type { Reply } from "../../protocol/reply.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { Part } from "../../structures/set/member_operations.ts";
import type { MemberWalk } from "../../structures/set/member_walk.ts";

/** Any set, hash or sorted set. */
export type Members = MemberWalk;

/** What a cursor is on: a member, */
interface SeenMember {
  readonly member: ByteView;
}

/** or a field with its value. */
export interface SeenField extends SeenMember {
  readonly value: ByteView;
}

/** How one member of a view is told, or of a copy. */
export interface MemberForm<View> {
  /** Elements of the reply for each member: 1, or 2 for a pair. */
  readonly elements: 1 | 2;
  /** Whether it tells what belongs to the member. */
  readonly readsValue: boolean;
  /** What it tells of each, where that is all: runs of it may be written at once. Bits of `Part`. */
  readonly parts: number;
  /** Writes what is under the view's cursor. */
  write(this: void, reply: Reply, view: View): void;
}

/** The member's bytes alone. */
export const MEMBER: MemberForm<SeenMember> = {
  elements: 1,
  readsValue: false,
  parts: Part.Member,
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

/** A form of two elements as one element of the reply, a pair. */
export function asPair<View>({ write, ...form }: MemberForm<View>): MemberForm<View> {
  return {
    ...form,
    parts: Part.None,
    write(reply, view) {
      reply.pair();
      write(reply, view);
    },
  };
}
