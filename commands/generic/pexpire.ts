import { expireCommand } from "../arguments/expiry.ts";
import { register } from "../registry.ts";

register(expireCommand({
  name: "pexpire",
  since: "2.6.0",
  summary: "Lets a key expire a number of milliseconds from now.",
  time: { name: "milliseconds", type: "integer" },
  inSeconds: false,
  isRelative: true,
}));
