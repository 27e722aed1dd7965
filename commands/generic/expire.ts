/** EXPIRE key seconds [NX | XX | GT | LT] */

import { FROM_NOW, IN_SECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { expireCommand } from "./expire_form.ts";

register(expireCommand({
  name: "expire",
  since: "1.0.0",
  summary: "Lets a key expire a number of seconds from now.",
  time: { name: "seconds", type: "integer" },
  unit: IN_SECONDS | FROM_NOW,
}));
