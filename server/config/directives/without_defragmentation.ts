/** Redis's settings of rehashing, defragmentation, and of data types that are not here yet. */

import { INT64_MAX } from "../bounds.ts";
import { type Directive, withoutEffect } from "../directive.ts";
import { integer, memorySize } from "../number_types.ts";
import { yesNo } from "../text_types.ts";

const MiB = 1024 * 1024;

export const WITHOUT_DEFRAGMENTATION: readonly Directive[] = [
  withoutEffect("activerehashing", yesNo, true),
  withoutEffect("dynamic-hz", yesNo, true),
  withoutEffect("jemalloc-bg-thread", yesNo, true),
  withoutEffect("activedefrag", yesNo, false),
  withoutEffect("active-defrag-cycle-min", integer(1, 99), 1),
  withoutEffect("active-defrag-cycle-max", integer(1, 99), 25),
  withoutEffect("active-defrag-threshold-lower", integer(0, 1000), 10),
  withoutEffect("active-defrag-threshold-upper", integer(0, 1000), 100),
  withoutEffect("active-defrag-max-scan-fields", integer(1, INT64_MAX), 1000),
  withoutEffect("stream-node-max-entries", integer(0, INT64_MAX), 100),
  withoutEffect("active-defrag-ignore-bytes", memorySize(1, INT64_MAX), 100 * MiB),
  withoutEffect("stream-node-max-bytes", memorySize(0, INT64_MAX), 4096),
];
