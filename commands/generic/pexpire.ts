/** PEXPIRE key milliseconds [NX | XX | GT | LT] */

import { FROM_NOW, IN_MILLISECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { expireCommand } from "./expire_form.ts";

register(expireCommand({
  name: "pexpire",
  since: "2.6.0",
  summary: "Lets a key expire a number of milliseconds from now.",
  time: { name: "milliseconds", type: "integer" },
  unit: IN_MILLISECONDS | FROM_NOW,
}));
