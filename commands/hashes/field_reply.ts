/** Fields and values in replies. */

import type { Call } from "../../server/execution/call.ts";
import { Part } from "../../structures/set/member_operations.ts";
import type { MemberForm, SeenField } from "../members/member_reply.ts";

/** The value's bytes alone. */
export const VALUE: MemberForm<SeenField> = {
  elements: 1,
  readsValue: true,
  parts: Part.Value,
  write: (reply, { value }) => reply.bulkView(value),
};

/** The field's bytes and the value's. */
export const FIELD_AND_VALUE: MemberForm<SeenField> = {
  elements: 2,
  readsValue: true,
  parts: Part.Member | Part.Value,
  write(reply, { member, value }) {
    reply.bulkView(member);
    reply.bulkView(value);
  },
};

/** Replies that none of the fields from argument `from` on has a value. */
export function tellNils({ count, reply }: Call, from: number): void {
  reply.array(count - from);
  for (let i = from; i < count; i++) reply.nil();
}
