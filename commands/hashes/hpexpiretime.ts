/** HPEXPIRETIME key FIELDS numfields field [field …] */

import { register } from "../registry.ts";
import { fieldExpiryQueryCommand } from "./expiry_query.ts";

register(fieldExpiryQueryCommand({
  name: "hpexpiretime",
  summary: "Tells when fields of a hash expire, in milliseconds since 1970.",
  inSeconds: false,
  isRelative: false,
}));
