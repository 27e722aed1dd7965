/** HPTTL key FIELDS numfields field [field …] */

import { register } from "../registry.ts";
import { fieldExpiryQueryCommand } from "./expiry_query.ts";

register(fieldExpiryQueryCommand({
  name: "hpttl",
  summary: "Tells in how many milliseconds fields of a hash expire.",
  inSeconds: false,
  isRelative: true,
}));
