/** HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field …] */

import { IN_SECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { fieldExpireCommand } from "./expire_form.ts";

register(fieldExpireCommand({
  name: "hexpireat",
  summary: "Lets fields of a hash expire at a time in seconds since 1970.",
  time: { name: "unix-time-seconds", type: "unix-time" },
  unit: IN_SECONDS,
}));
