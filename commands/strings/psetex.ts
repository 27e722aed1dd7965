/** PSETEX key milliseconds value */

import { IN_MILLISECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { expiringSetCommand } from "./expiring_set.ts";

register(expiringSetCommand({
  name: "psetex",
  since: "2.6.0",
  summary: "Makes a key hold a string for a number of milliseconds.",
  replacedBy: "`SET` with `PX`",
  time: "milliseconds",
  unit: IN_MILLISECONDS,
}));
