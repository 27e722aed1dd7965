/** HGETALL key */

import { register } from "../registry.ts";
import { fieldListingCommand } from "./field_listing.ts";
import { FIELD_AND_VALUE } from "./field_reply.ts";

register(fieldListingCommand({
  name: "hgetall",
  summary: "Lists all fields of a hash with their values.",
  tells: FIELD_AND_VALUE,
}));
