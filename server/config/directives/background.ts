/** Work that no client waits for. */

import { INT32_MAX, INT64_MAX } from "../bounds.ts";
import { type Directive, directive, ownAtStart } from "../directive.ts";
import { integer } from "../number_types.ts";
import { Settings } from "../settings.ts";
import { yesNo } from "../text_types.ts";

const defaults = new Settings();

export const BACKGROUND: readonly Directive[] = [
  directive(
    defaults,
    "hz",
    "hz",
    integer(0, INT32_MAX, [1, 500]),
    "Runs of the housekeeping cycle in a second, 1 to 500.",
  ),
  directive(
    defaults,
    "active-expire-effort",
    "activeExpireEffort",
    integer(1, 10),
    "Share of time spent on removing expired keys, from least to most.",
  ),
  directive(
    defaults,
    "lazyfree-lazy-expire",
    "lazyFreeLazyExpire",
    yesNo,
    "Free large expired values in the background.",
  ),
  directive(
    defaults,
    "lazyfree-lazy-server-del",
    "lazyFreeLazyServerDel",
    yesNo,
    "Free large overwritten values in the background.",
  ),
  directive(
    defaults,
    "lazyfree-lazy-user-del",
    "lazyFreeLazyUserDel",
    yesNo,
    "Let DEL free in the background, as UNLINK does.",
  ),
  directive(
    defaults,
    "lazyfree-lazy-user-flush",
    "lazyFreeLazyUserFlush",
    yesNo,
    "Let FLUSHDB and FLUSHALL without SYNC or ASYNC free in the background.",
  ),
  directive(
    defaults,
    "lazyfree-workers",
    "lazyFreeWorkers",
    integer(0, 16),
    "Most threads that help to free large values; 0 leaves it to the main thread.",
    ownAtStart,
  ),
  directive(
    defaults,
    "busy-reply-threshold",
    "busyReplyThresholdMs",
    integer(0, INT64_MAX),
    "Milliseconds that a script may run before others are answered -BUSY; 0: for ever.",
    { aliases: ["lua-time-limit"] },
  ),
  directive(
    defaults,
    "slowlog-log-slower-than",
    "slowLogSlowerThanMicroseconds",
    integer(-1, INT64_MAX),
    "Microseconds from which on SLOWLOG notes a command; -1 notes none. Below 1000 each call is timed.",
  ),
  directive(
    defaults,
    "slowlog-max-len",
    "slowLogMaxEntries",
    integer(0, INT64_MAX),
    "Entries that the slow log has at most; the oldest goes for a new one.",
  ),
];
