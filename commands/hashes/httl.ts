/** HTTL key FIELDS numfields field [field …] */

import { register } from "../registry.ts";
import { fieldExpiryQueryCommand } from "./expiry_query.ts";

register(fieldExpiryQueryCommand({
  name: "httl",
  summary: "Tells in how many seconds fields of a hash expire.",
  inSeconds: true,
  isRelative: true,
}));
