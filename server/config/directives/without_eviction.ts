/** Redis's settings of eviction, defragmentation, and of data types that are not here yet. */

import { INT32_MAX, INT64_MAX } from "../bounds.ts";
import { type Directive, directive, withoutEffect } from "../directive.ts";
import { integer, memorySize } from "../number_types.ts";
import { MAXMEMORY_POLICIES, Settings } from "../settings.ts";
import { oneOf, yesNo } from "../text_types.ts";

const MiB = 1024 * 1024;

const defaults = new Settings();

export const WITHOUT_EVICTION: readonly Directive[] = [
  withoutEffect("activerehashing", yesNo, true),
  withoutEffect("dynamic-hz", yesNo, true),
  withoutEffect("lazyfree-lazy-eviction", yesNo, false),
  withoutEffect("jemalloc-bg-thread", yesNo, true),
  withoutEffect("activedefrag", yesNo, false),
  // INFO tells it, so it has a field.
  directive(defaults, "maxmemory-policy", "maxMemoryPolicy", oneOf(MAXMEMORY_POLICIES), ""),
  // OBJECT FREQ shows what they do.
  directive(defaults, "lfu-log-factor", "lfuLogFactor", integer(0, INT32_MAX), ""),
  directive(defaults, "lfu-decay-time", "lfuDecayMinutes", integer(0, INT32_MAX), ""),
  withoutEffect("active-defrag-cycle-min", integer(1, 99), 1),
  withoutEffect("active-defrag-cycle-max", integer(1, 99), 25),
  withoutEffect("active-defrag-threshold-lower", integer(0, 1000), 10),
  withoutEffect("active-defrag-threshold-upper", integer(0, 1000), 100),
  withoutEffect("maxmemory-samples", integer(1, INT32_MAX), 5),
  withoutEffect("maxmemory-eviction-tenacity", integer(0, 100), 10),
  withoutEffect("list-compress-depth", integer(0, INT32_MAX), 0),
  withoutEffect("active-defrag-max-scan-fields", integer(1, INT64_MAX), 1000),
  withoutEffect("stream-node-max-entries", integer(0, INT64_MAX), 100),
  withoutEffect("active-defrag-ignore-bytes", memorySize(1, INT64_MAX), 100 * MiB),
  withoutEffect("stream-node-max-bytes", memorySize(0, INT64_MAX), 4096),
  withoutEffect("hll-sparse-max-bytes", memorySize(0, INT64_MAX), 3000),
];
