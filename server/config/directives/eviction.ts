/** How much memory there may be, and which keys make room. */

import { INT32_MAX, UINT64_MAX } from "../bounds.ts";
import { type Directive, directive } from "../directive.ts";
import { integer, memorySize } from "../number_types.ts";
import { MAXMEMORY_POLICIES, Settings } from "../settings.ts";
import { oneOf, yesNo } from "../text_types.ts";

const defaults = new Settings();

export const EVICTION: readonly Directive[] = [
  directive(
    defaults,
    "maxmemory",
    "maxMemoryBytes",
    memorySize(0, UINT64_MAX),
    "Bytes of data and of clients' buffers past which keys are evicted, or commands that add more " +
      "refused; 0 is no limit but the 32gb that a server can hold.",
  ),
  directive(
    defaults,
    "maxmemory-policy",
    "maxMemoryPolicy",
    oneOf(MAXMEMORY_POLICIES),
    "Which keys make room past maxmemory: none, or of all keys or of those that expire (volatile) the " +
      "least recently used, the least frequently used, any, or those that expire first.",
  ),
  directive(
    defaults,
    "maxmemory-samples",
    "maxMemorySamples",
    integer(1, INT32_MAX),
    "Keys that are looked at, on average, to find the least used; more than 64 are not.",
  ),
  directive(
    defaults,
    "maxmemory-eviction-tenacity",
    "maxMemoryEvictionTenacity",
    integer(0, 100),
    "How long evictions may hold a request up: at 10 half a millisecond, less below, 15 percent more " +
      "for each step above, and at 100 as long as it takes. The rest is evicted in the background.",
  ),
  directive(
    defaults,
    "lazyfree-lazy-eviction",
    "lazyFreeLazyEviction",
    yesNo,
    "Free large evicted values in the background.",
  ),
  directive(
    defaults,
    "lfu-log-factor",
    "lfuLogFactor",
    integer(0, INT32_MAX),
    "How much rarer further uses of a key are counted, the more there were, for the lfu policies.",
  ),
  directive(
    defaults,
    "lfu-decay-time",
    "lfuDecayMinutes",
    integer(0, INT32_MAX),
    "Minutes without use that take one from what was counted of a key; 0: it is never forgotten.",
  ),
];
