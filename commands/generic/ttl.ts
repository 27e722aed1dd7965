/** TTL key */

import { register } from "../registry.ts";
import { expiryQueryCommand } from "./expiry_query.ts";

register(expiryQueryCommand({
  name: "ttl",
  since: "1.0.0",
  summary: "Tells in how many seconds a key expires.",
  inSeconds: true,
  isRelative: true,
}));
