/** HVALS key */

import { register } from "../registry.ts";
import { listFields, LISTING_SYNTAX } from "./field_listing.ts";
import { VALUE } from "./field_reply.ts";

register({
  ...LISTING_SYNTAX,
  name: "hvals",
  summary: "Lists all values of a hash.",
  run: (call) => listFields(call, VALUE),
});
