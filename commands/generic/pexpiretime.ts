import { expiryQueryCommand } from "../arguments/expiry.ts";
import { register } from "../registry.ts";

register(expiryQueryCommand({
  name: "pexpiretime",
  since: "7.0.0",
  summary: "Tells when a key expires, in milliseconds since 1970.",
  inSeconds: false,
  isRelative: false,
}));
