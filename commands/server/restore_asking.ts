/** RESTORE-ASKING key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency] */

import { restoreCommand } from "../generic/restore_form.ts";
import { register } from "../registry.ts";

register(restoreCommand({
  name: "restore-asking",
  group: "server",
  since: "3.0.0",
  summary: "As RESTORE, for the nodes of a cluster that move keys between each other.",
  flags: ["write", "denyoom", "asking"],
  isSystemCommand: true,
}));
