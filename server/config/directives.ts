/** The table of settings: those that have an effect, in the order of the help, and Redis's others. */

import type { Directive } from "./directive.ts";
import { ACCESS } from "./directives/access.ts";
import { BACKGROUND } from "./directives/background.ts";
import { DATA } from "./directives/data.ts";
import { EVICTION } from "./directives/eviction.ts";
import { LIMITS } from "./directives/limits.ts";
import { LISTENING } from "./directives/listening.ts";
import { LOGGING } from "./directives/logging.ts";
import { TELLING } from "./directives/telling.ts";
import { WITHOUT_CLUSTER } from "./directives/without_cluster.ts";
import { WITHOUT_DEFRAGMENTATION } from "./directives/without_defragmentation.ts";
import { WITHOUT_PERSISTENCE } from "./directives/without_persistence.ts";
import { WITHOUT_REPLICATION } from "./directives/without_replication.ts";
import { WITHOUT_SYSTEM } from "./directives/without_system.ts";
import { WITHOUT_TLS } from "./directives/without_tls.ts";

export const DIRECTIVES: readonly Directive[] = [
  ...LISTENING,
  ...ACCESS,
  ...LIMITS,
  ...EVICTION,
  ...DATA,
  ...TELLING,
  ...BACKGROUND,
  ...LOGGING,
  ...WITHOUT_PERSISTENCE,
  ...WITHOUT_REPLICATION,
  ...WITHOUT_CLUSTER,
  ...WITHOUT_DEFRAGMENTATION,
  ...WITHOUT_SYSTEM,
  ...WITHOUT_TLS,
];

/** Directives by lower-case name, the aliases among them. */
export const DIRECTIVES_BY_NAME: ReadonlyMap<string, Directive> = new Map(
  DIRECTIVES.flatMap((directive) =>
    [directive.name, ...directive.aliases].map((name) => [name, directive] as const)
  ),
);
