import { expireCommand } from "../arguments/expiry.ts";
import { register } from "../registry.ts";

register(expireCommand({
  name: "expire",
  since: "1.0.0",
  summary: "Lets a key expire a number of seconds from now.",
  time: { name: "seconds", type: "integer" },
  inSeconds: true,
  isRelative: true,
}));
