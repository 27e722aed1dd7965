/**
 * How much a client may send before it has to be served. One object serves all connections of a
 * server: it is read whenever a request arrives, so that a change reaches those that exist.
 */

import {
  type DecoderLimits,
  MAX_INLINE_BYTES,
  MAX_MULTIBULK,
} from "../../protocol/request_limits.ts";
import type { QueueBounds } from "../../structures/bytes/byte_queue.ts";
import type { Config } from "../config/config.ts";

/** Size of the read buffer that an idle connection keeps. */
export const IDLE_READ_BYTES = 512;

export class InputLimits implements DecoderLimits, QueueBounds {
  readonly initialBytes: number = IDLE_READ_BYTES;
  /** client-query-buffer-limit */
  maxBytes = 0;
  /** proto-max-bulk-len */
  maxBulkBytes = 0;
  readonly maxMultibulk: number = MAX_MULTIBULK;
  readonly maxInlineBytes: number = MAX_INLINE_BYTES;

  /** Takes the limits that the settings have now. */
  adopt(config: Config): void {
    this.maxBytes = config.clientQueryBufferLimitBytes;
    this.maxBulkBytes = config.protoMaxBulkBytes;
  }
}

/** The settings that {@linkcode InputLimits.adopt} reads. */
export const INPUT_LIMIT_SETTINGS = ["client-query-buffer-limit", "proto-max-bulk-len"] as const;
