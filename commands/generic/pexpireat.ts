/** PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] */

import { IN_MILLISECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { expireCommand } from "./expire_form.ts";

register(expireCommand({
  name: "pexpireat",
  since: "2.6.0",
  summary: "Lets a key expire at a time in milliseconds since 1970.",
  time: { name: "unix-time-milliseconds", type: "unix-time" },
  unit: IN_MILLISECONDS,
}));
