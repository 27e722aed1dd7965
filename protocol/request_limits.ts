/**
 * How much a client may ask the decoder to believe. Lengths on the wire are claims by strangers, so
 * each is checked against a limit before anything waits for that many bytes. The limits of clients
 * that have not authenticated yet are Redis's: enough for AUTH and HELLO, useless for an attack.
 *
 * Whatever the settings say, no limit is above what the server can hold. An offset into a
 * connection's input fits 32 signed bits then, and so does every length.
 */

import * as byteQueue from "../structures/bytes/byte_queue.ts";

/**
 * The limits of a server. One object serves all of its connections; it is read at every request, so
 * that a change takes effect at once.
 */
export interface DecoderLimits {
  /** Longest argument in bytes (proto-max-bulk-len), at least 1 MiB; see MAX_BULK_BYTES. */
  maxBulkBytes: number;
  /** Most arguments of one request, at least 10; see MAX_MULTIBULK. */
  maxMultibulk: number;
  /**
   * Longest line in bytes of which the end is not there yet: an inline request, or the line of a
   * count or length. A line that came whole may be longer.
   */
  maxInlineBytes: number;
}

/** The largest input queue of a connection: the bound of client-query-buffer-limit. */
export const MAX_INPUT_BYTES: number = byteQueue.MAX_QUEUE_BYTES;

/** The longest argument that any limit allows: the longest member that a set can hold. */
export const MAX_BULK_BYTES = 2 ** 30 - 4096;

/** The most arguments that any limit allows: Redis's bound. */
export const MAX_MULTIBULK = 2 ** 31 - 1;

/** Longest line without its end, as in Redis. */
export const MAX_INLINE_BYTES = 64 * 1024;

/** Most arguments of a request before authentication. */
export const UNAUTHENTICATED_MULTIBULK = 10;

/** Longest argument before authentication. */
export const UNAUTHENTICATED_BULK_BYTES = 16_384;

/** What a decoding step answers instead of an offset when the request is not complete yet. */
export const INCOMPLETE = -1;

/** What it answers when the request breaks the protocol. */
export const FAILED = -2;
