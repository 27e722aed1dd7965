/** HGETALL key */

import { register } from "../registry.ts";
import { listFields, LISTING_SYNTAX } from "./field_listing.ts";
import { FIELD_AND_VALUE } from "./field_reply.ts";

register({
  ...LISTING_SYNTAX,
  name: "hgetall",
  summary: "Lists all fields of a hash with their values.",
  run: (call) => listFields(call, FIELD_AND_VALUE),
});
