import { expireCommand } from "../arguments/expiry.ts";
import { register } from "../registry.ts";

register(expireCommand({
  name: "expireat",
  since: "1.2.0",
  summary: "Lets a key expire at a time in seconds since 1970.",
  time: { name: "unix-time-seconds", type: "unix-time" },
  inSeconds: true,
  isRelative: false,
}));
