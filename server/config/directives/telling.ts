/** What is told of keys as they change, and of what takes long. */

import { INT64_MAX } from "../bounds.ts";
import { type Directive, directive } from "../directive.ts";
import { integer } from "../number_types.ts";
import { Settings } from "../settings.ts";
import { keyspaceEvents, percentiles } from "../special_types.ts";
import { yesNo } from "../text_types.ts";

const defaults = new Settings();

export const TELLING: readonly Directive[] = [
  directive(
    defaults,
    "notify-keyspace-events",
    "notifyKeyspaceEvents",
    keyspaceEvents,
    "Which events of keys are published. K sends them to __keyspace@DB__:KEY, E to " +
      "__keyevent@DB__:EVENT; further letters say which: g of keys, $ strings, l lists, s sets, " +
      "h hashes, z sorted sets, t streams, d plugins, x expired, e evicted, A all of these; m of " +
      "keys that were read and missing, n of new ones.",
  ),
  directive(
    defaults,
    "latency-monitor-threshold",
    "latencyMonitorThresholdMs",
    integer(0, INT64_MAX),
    "Milliseconds from which on LATENCY notes what kept the server busy; 0 turns that off.",
  ),
  directive(
    defaults,
    "latency-tracking",
    "latencyTracking",
    yesNo,
    "Keep the times of each command, for LATENCY HISTOGRAM and INFO latencystats.",
  ),
  directive(
    defaults,
    "latency-tracking-info-percentiles",
    "latencyPercentiles",
    percentiles,
    "Which percentiles INFO latencystats shows.",
  ),
];
