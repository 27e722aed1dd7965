/** EXPIREAT key unix-time-seconds [NX | XX | GT | LT] */

import { IN_SECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { expireCommand } from "./expire_form.ts";

register(expireCommand({
  name: "expireat",
  since: "1.2.0",
  summary: "Lets a key expire at a time in seconds since 1970.",
  time: { name: "unix-time-seconds", type: "unix-time" },
  unit: IN_SECONDS,
}));
