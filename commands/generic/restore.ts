/** RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency] */

import { register } from "../registry.ts";
import { restoreCommand } from "./restore_form.ts";

register(restoreCommand({
  name: "restore",
  group: "generic",
  since: "2.6.0",
  summary: "Makes a key hold the value that DUMP has answered, here or on another server.",
  flags: ["write", "denyoom"],
}));
