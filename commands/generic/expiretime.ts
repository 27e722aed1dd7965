/** EXPIRETIME key */

import { register } from "../registry.ts";
import { expiryQueryCommand } from "./expiry_query.ts";

register(expiryQueryCommand({
  name: "expiretime",
  since: "7.0.0",
  summary: "Tells when a key expires, in seconds since 1970.",
  inSeconds: true,
  isRelative: false,
}));
