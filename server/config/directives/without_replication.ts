/** Redis's settings of primaries and replicas. */

import { INT32_MAX, INT64_MAX } from "../bounds.ts";
import { type Directive, withoutEffect } from "../directive.ts";
import { integer, memorySize } from "../number_types.ts";
import { primaryAddress } from "../special_types.ts";
import { anyBytes, oneOf, onlyValue, text, yesNo } from "../text_types.ts";

const MiB = 1024 * 1024;

export const WITHOUT_REPLICATION: readonly Directive[] = [
  withoutEffect("repl-disable-tcp-nodelay", yesNo, false),
  withoutEffect("repl-diskless-sync", yesNo, true),
  withoutEffect("replica-lazy-flush", yesNo, false, { aliases: ["slave-lazy-flush"] }),
  withoutEffect("replica-serve-stale-data", yesNo, true, { aliases: ["slave-serve-stale-data"] }),
  withoutEffect("replica-read-only", yesNo, true, { aliases: ["slave-read-only"] }),
  withoutEffect("replica-ignore-maxmemory", yesNo, true, { aliases: ["slave-ignore-maxmemory"] }),
  withoutEffect("replica-announced", yesNo, true),
  withoutEffect("replica-ignore-disk-write-errors", yesNo, false),
  withoutEffect("replica-announce-ip", text(), "", { aliases: ["slave-announce-ip"] }),
  withoutEffect("masteruser", text(), ""),
  withoutEffect("masterauth", anyBytes, ""),
  withoutEffect("repl-diskless-load", oneOf(["disabled", "on-empty-db", "swapdb"]), "disabled"),
  withoutEffect("replica-priority", integer(0, INT32_MAX), 100, { aliases: ["slave-priority"] }),
  withoutEffect("repl-diskless-sync-delay", integer(0, INT32_MAX), 5),
  withoutEffect("replica-announce-port", integer(0, 65535), 0, {
    aliases: ["slave-announce-port"],
  }),
  withoutEffect("repl-timeout", integer(1, INT32_MAX), 60),
  withoutEffect("repl-ping-replica-period", integer(1, INT32_MAX), 10, {
    aliases: ["repl-ping-slave-period"],
  }),
  withoutEffect("min-replicas-to-write", integer(0, INT32_MAX), 0, {
    aliases: ["min-slaves-to-write"],
  }),
  withoutEffect("min-replicas-max-lag", integer(0, INT32_MAX), 10, {
    aliases: ["min-slaves-max-lag"],
  }),
  withoutEffect("repl-diskless-sync-max-replicas", integer(0, INT32_MAX), 0),
  withoutEffect("repl-backlog-size", memorySize(1, INT64_MAX, 16 * 1024), MiB),
  withoutEffect("repl-backlog-ttl", integer(0, INT64_MAX), 3600),
  withoutEffect(
    "replicaof",
    onlyValue(
      primaryAddress,
      "",
      "this version of Ravel does not replicate: it would answer in the place of a replica, without its data",
    ),
    "",
    { aliases: ["slaveof"], fixed: true },
  ),
];
