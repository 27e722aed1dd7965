/**
 * Fields and values in replies:
 *
 * ```
 *   FIELD_AND_VALUE   field, value, field, value        a map's body, or a flat array
 *   PAIR              [field, value], [field, value]    HRANDFIELD in RESP3
 * ```
 */

import type { FieldMap } from "../../structures/field_map/field_map.ts";
import type { MemberForm } from "../members/member_reply.ts";

/** The value's bytes alone. */
export const VALUE: MemberForm<FieldMap> = {
  elements: 1,
  write(reply, { value }) {
    reply.bulkBytes(value.bytes, value.start, value.length);
  },
};

export const FIELD_AND_VALUE: MemberForm<FieldMap> = {
  elements: 2,
  write(reply, { member, value }) {
    reply.bulkBytes(member.bytes, member.start, member.length);
    reply.bulkBytes(value.bytes, value.start, value.length);
  },
};

export const PAIR: MemberForm<FieldMap> = {
  elements: 1,
  write(reply, hash) {
    reply.array(2);
    FIELD_AND_VALUE.write(reply, hash);
  },
};
