/** HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field …] */

import { FROM_NOW, IN_SECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { fieldExpireCommand } from "./expire_form.ts";

register(fieldExpireCommand({
  name: "hexpire",
  summary: "Lets fields of a hash expire a number of seconds from now.",
  time: { name: "seconds", type: "integer" },
  unit: IN_SECONDS | FROM_NOW,
}));
