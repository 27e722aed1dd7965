/** HMSET key field value [field value …]: HSET with another answer. */

import { register } from "../registry.ts";
import { fieldsSetCommand } from "./fields_set.ts";

register(fieldsSetCommand({
  name: "hmset",
  since: "2.0.0",
  summary: "Gives fields of a hash values.",
  deprecatedSince: "4.0.0",
  replacedBy: "`HSET` with several fields",
  tellsAdded: false,
}));
