import { expiryQueryCommand } from "../arguments/expiry.ts";
import { register } from "../registry.ts";

register(expiryQueryCommand({
  name: "expiretime",
  since: "7.0.0",
  summary: "Tells when a key expires, in seconds since 1970.",
  inSeconds: true,
  isRelative: false,
}));
