/** HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field …] */

import { FROM_NOW, IN_MILLISECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { fieldExpireCommand } from "./expire_form.ts";

register(fieldExpireCommand({
  name: "hpexpire",
  summary: "Lets fields of a hash expire a number of milliseconds from now.",
  time: { name: "milliseconds", type: "integer" },
  unit: IN_MILLISECONDS | FROM_NOW,
}));
