/** HSET key field value [field value …] */

import { register } from "../registry.ts";
import { fieldsSetCommand } from "./fields_set.ts";

register(fieldsSetCommand({
  name: "hset",
  since: "2.0.0",
  summary: "Gives fields of a hash values, and makes the hash where there is none.",
  history: [["4.0.0", "More than one field."]],
  tellsAdded: true,
}));
