/** Sorted sets as collections of members: what ZRANDMEMBER and ZSCAN tell of each. */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { MAX_DOUBLE_BYTES, writeDouble } from "../../structures/numbers/double_text.ts";
import { formatGeneral } from "../../structures/numbers/printed_double.ts";
import { Part } from "../../structures/set/member_operations.ts";
import { scoreInView, SortedSetMembers } from "../../structures/sorted_set/sorted_set_members.ts";
import type { MemberForm, SeenField } from "../members/member_reply.ts";

const text = new Uint8Array(MAX_DOUBLE_BYTES);

/** The members of the sorted set in argument `i`, undefined where there is no key. */
export function readMembers(call: Call, i: number): SortedSetMembers | undefined {
  const { keyspace } = call;
  const set = keyspace.sortedSets.read(call, i);
  if (set === undefined) return undefined;
  const members = keyspace.sortedSetMembers;
  members.open(set.encoding, set.ref);
  return members;
}

/** The member and the score, of the set itself or of a copy. */
export const MEMBER_AND_SCORE: MemberForm<SortedSetMembers | SeenField> = {
  elements: 2,
  readsValue: true,
  parts: Part.None,
  write(reply: Reply, seen: SortedSetMembers | SeenField) {
    reply.bulkView(seen.member);
    reply.double(seen instanceof SortedSetMembers ? seen.score : scoreInView(seen.value));
  },
};

/**
 * The member and the score as a text, in every protocol: in the fewest digits where the set is small,
 * which is how it keeps them, else in 17, as Redis prints either; both are the same of an integer.
 */
export const MEMBER_AND_SCORE_TEXT: MemberForm<SortedSetMembers> = {
  elements: 2,
  readsValue: true,
  parts: Part.None,
  write(reply, { isTable, member, score }) {
    reply.bulkView(member);
    if (!isTable || Number.isSafeInteger(score) && !Object.is(score, -0)) {
      reply.bulkBytes(text, 0, writeDouble(text, 0, score));
    } else reply.byteString(formatGeneral(score));
  },
};
