/** HKEYS key */

import { register } from "../registry.ts";
import { listFields, LISTING_SYNTAX } from "./field_listing.ts";
import { MEMBER } from "../members/member_reply.ts";

register({
  ...LISTING_SYNTAX,
  name: "hkeys",
  summary: "Lists all fields of a hash.",
  run: (call) => listFields(call, MEMBER),
});
