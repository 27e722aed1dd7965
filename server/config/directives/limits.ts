/** What one client may take, and what may be remembered for all. */

import { INT64_MAX } from "../bounds.ts";
import { MAX_ARGUMENT_BYTES, MAX_QUERY_BUFFER_BYTES } from "../capacity.ts";
import { type Directive, directive } from "../directive.ts";
import { integer, memoryOrPercent, memorySize } from "../number_types.ts";
import { Settings } from "../settings.ts";
import { outputBufferLimits } from "../special_types.ts";

const MiB = 1024 * 1024;

const defaults = new Settings();

export const LIMITS: readonly Directive[] = [
  directive(
    defaults,
    "client-output-buffer-limit",
    "outputBufferLimits",
    outputBufferLimits,
    "Unread output at which a client is dropped: at once at the hard limit, or after some seconds at " +
      "the soft one; 0 is no limit. Of a reply that reaches the hard limit nothing is sent.",
  ),
  directive(
    defaults,
    "maxmemory-clients",
    "maxMemoryClients",
    memoryOrPercent,
    "Bytes that clients may take in all, or percent of maxmemory; then the largest are dropped, but " +
      "for those of CLIENT NO-EVICT. 0 is no limit.",
  ),
  directive(
    defaults,
    "client-query-buffer-limit",
    "clientQueryBufferLimitBytes",
    memorySize(MiB, MAX_QUERY_BUFFER_BYTES),
    `Bytes of input that one client may have waiting; from 1mb to ${MAX_QUERY_BUFFER_BYTES} ` +
      "(2047mb), which is less than Redis allows.",
  ),
  directive(
    defaults,
    "proto-max-bulk-len",
    "protoMaxBulkBytes",
    memorySize(MiB, MAX_ARGUMENT_BYTES),
    `Largest single argument of a request, in bytes; from 1mb to ${MAX_ARGUMENT_BYTES} (4096 ` +
      "bytes less than 1gb), as no larger value can be stored.",
  ),
  directive(
    defaults,
    "tracking-table-max-keys",
    "trackingTableMaxKeys",
    integer(0, INT64_MAX),
    "Keys whose readers are remembered for CLIENT TRACKING; past it some are invalidated by chance. " +
      "0 is no limit.",
  ),
];
