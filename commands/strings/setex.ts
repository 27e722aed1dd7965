/** SETEX key seconds value */

import { IN_SECONDS } from "../arguments/expiry.ts";
import { register } from "../registry.ts";
import { expiringSetCommand } from "./expiring_set.ts";

register(expiringSetCommand({
  name: "setex",
  since: "2.0.0",
  summary: "Makes a key hold a string for a number of seconds.",
  replacedBy: "`SET` with `EX`",
  time: "seconds",
  unit: IN_SECONDS,
}));
