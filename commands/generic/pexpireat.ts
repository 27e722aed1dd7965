import { expireCommand } from "../arguments/expiry.ts";
import { register } from "../registry.ts";

register(expireCommand({
  name: "pexpireat",
  since: "2.6.0",
  summary: "Lets a key expire at a time in milliseconds since 1970.",
  time: { name: "unix-time-milliseconds", type: "unix-time" },
  inSeconds: false,
  isRelative: false,
}));
