/** Fields and values in replies. */

import type { FieldMap } from "../../structures/field_map/field_map.ts";
import type { MemberForm, SeenField } from "../members/member_reply.ts";

/** The value's bytes alone. */
export const VALUE: MemberForm<FieldMap> = {
  elements: 1,
  write: (reply, { value }) => reply.bulkView(value),
};

/** The field's bytes and the value's. */
export const FIELD_AND_VALUE: MemberForm<SeenField> = {
  elements: 2,
  write(reply, { member, value }) {
    reply.bulkView(member);
    reply.bulkView(value);
  },
};
