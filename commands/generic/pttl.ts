/** PTTL key */

import { register } from "../registry.ts";
import { expiryQueryCommand } from "./expiry_query.ts";

register(expiryQueryCommand({
  name: "pttl",
  since: "2.6.0",
  summary: "Tells in how many milliseconds a key expires.",
  inSeconds: false,
  isRelative: true,
}));
