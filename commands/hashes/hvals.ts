/** HVALS key */

import { register } from "../registry.ts";
import { fieldListingCommand } from "./field_listing.ts";
import { VALUE } from "./field_reply.ts";

register(fieldListingCommand({
  name: "hvals",
  summary: "Lists all values of a hash.",
  tells: VALUE,
}));
