/** HKEYS key */

import { MEMBER } from "../members/member_reply.ts";
import { register } from "../registry.ts";
import { fieldListingCommand } from "./field_listing.ts";

register(fieldListingCommand({
  name: "hkeys",
  summary: "Lists all fields of a hash.",
  tells: MEMBER,
}));
