import { expiryQueryCommand } from "../arguments/expiry.ts";
import { register } from "../registry.ts";

register(expiryQueryCommand({
  name: "pttl",
  since: "2.6.0",
  summary: "Tells in how many milliseconds a key expires.",
  inSeconds: false,
  isRelative: true,
}));
