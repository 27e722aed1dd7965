/** PEXPIRETIME key */

import { register } from "../registry.ts";
import { expiryQueryCommand } from "./expiry_query.ts";

register(expiryQueryCommand({
  name: "pexpiretime",
  since: "7.0.0",
  summary: "Tells when a key expires, in milliseconds since 1970.",
  inSeconds: false,
  isRelative: false,
}));
