/** HEXPIRETIME key FIELDS numfields field [field …] */

import { register } from "../registry.ts";
import { fieldExpiryQueryCommand } from "./expiry_query.ts";

register(fieldExpiryQueryCommand({
  name: "hexpiretime",
  summary: "Tells when fields of a hash expire, in seconds since 1970.",
  inSeconds: true,
  isRelative: false,
}));
