/** Who may use the server, and for what. */

import { INT64_MAX } from "../bounds.ts";
import { atStart, type Directive, directive } from "../directive.ts";
import { integer } from "../number_types.ts";
import { ACL_PUBSUB_DEFAULTS, Settings } from "../settings.ts";
import { anyBytes, oneOf, path } from "../text_types.ts";

const defaults = new Settings();

export const ACCESS: readonly Directive[] = [
  directive(
    defaults,
    "requirepass",
    "requirePass",
    anyBytes,
    "Password of the default user, that clients give with AUTH or HELLO; empty for none.",
  ),
  directive(
    defaults,
    "aclfile",
    "aclFile",
    path,
    "File of users, one a line as ACL LIST has them; ACL LOAD reads it and ACL SAVE writes it. " +
      "Without one, users are in the configuration file, a line user NAME RULES each.",
    atStart,
  ),
  directive(
    defaults,
    "acl-pubsub-default",
    "aclPubSubDefault",
    oneOf(ACL_PUBSUB_DEFAULTS),
    "What new users may do with channels of publish and subscribe.",
  ),
  directive(
    defaults,
    "acllog-max-len",
    "aclLogMaxEntries",
    integer(0, INT64_MAX),
    "Entries that the log of denials has at most; the oldest goes for a new one.",
  ),
];
