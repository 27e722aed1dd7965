/** What is told of keys as they change. */

import { type Directive, directive } from "../directive.ts";
import { Settings } from "../settings.ts";
import { keyspaceEvents } from "../special_types.ts";

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
];
