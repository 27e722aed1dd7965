/** HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field …] */

import { IN_MILLISECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { fieldExpireCommand } from "./expire_form.ts";

register(fieldExpireCommand({
  name: "hpexpireat",
  summary: "Lets fields of a hash expire at a time in milliseconds since 1970.",
  time: { name: "unix-time-milliseconds", type: "unix-time" },
  unit: IN_MILLISECONDS,
}));
