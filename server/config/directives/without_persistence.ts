/** Redis's settings of snapshots and the append-only file: data is kept in memory alone. */

import { INT32_MAX, INT32_MIN, INT64_MAX } from "../bounds.ts";
import { atStart, type Directive, withoutEffect } from "../directive.ts";
import { integer, memorySize } from "../number_types.ts";
import { baseName, snapshotPoints } from "../special_types.ts";
import { oneOf, text, yesNo } from "../text_types.ts";

const MiB = 1024 * 1024;

export const WITHOUT_PERSISTENCE: readonly Directive[] = [
  withoutEffect("rdbchecksum", yesNo, true, atStart),
  withoutEffect("rdb-del-sync-files", yesNo, false),
  withoutEffect("stop-writes-on-bgsave-error", yesNo, true),
  withoutEffect("aof-rewrite-incremental-fsync", yesNo, true),
  withoutEffect("no-appendfsync-on-rewrite", yesNo, false),
  withoutEffect("rdb-save-incremental-fsync", yesNo, true),
  withoutEffect("aof-load-truncated", yesNo, true),
  withoutEffect("aof-use-rdb-preamble", yesNo, true),
  withoutEffect("aof-timestamp-enabled", yesNo, false),
  withoutEffect("appendonly", yesNo, false),
  withoutEffect("aof-disable-auto-gc", yesNo, false, { hidden: true }),
  withoutEffect(
    "dbfilename",
    text({ check: baseName("dbfilename", "filename", true), emptyCounts: true }),
    "dump.rdb",
    { isProtected: true },
  ),
  withoutEffect(
    "appendfilename",
    text({ check: baseName("appendfilename", "filename"), emptyCounts: true }),
    "appendonly.aof",
    atStart,
  ),
  withoutEffect(
    "appenddirname",
    text({ check: baseName("appenddirname", "dirname"), emptyCounts: true }),
    "appendonlydir",
    atStart,
  ),
  withoutEffect("aof_rewrite_cpulist", text(), "", atStart),
  withoutEffect("appendfsync", oneOf(["everysec", "always", "no"]), "everysec"),
  withoutEffect("sanitize-dump-payload", oneOf(["no", "yes", "clients"]), "no"),
  withoutEffect("auto-aof-rewrite-percentage", integer(0, INT32_MAX), 100),
  withoutEffect("rdb-key-save-delay", integer(INT32_MIN, INT32_MAX), 0, { hidden: true }),
  withoutEffect("key-load-delay", integer(INT32_MIN, INT32_MAX), 0, { hidden: true }),
  withoutEffect("auto-aof-rewrite-min-size", memorySize(0, INT64_MAX), 64 * MiB),
  withoutEffect("loading-process-events-interval-bytes", integer(1024, INT32_MAX), 2 * MiB, {
    hidden: true,
  }),
  withoutEffect("dir", text(), "./", { isProtected: true }),
  // Off by default, unlike in Redis: a schedule that is shown is a promise.
  withoutEffect("save", snapshotPoints, []),
];
