/**
 * How much a client may ask the decoder to believe. Lengths on the wire are claims by strangers, so
 * each is checked against a limit before anything waits for that many bytes. The limits of clients
 * that have not authenticated yet are Redis's: enough for AUTH and HELLO, useless for an attack.
 */

/** Read by a decoder at every request, so a change takes effect at once. */
export interface DecoderLimits {
  /** Longest argument in bytes (proto-max-bulk-len), at least 1 MiB. */
  maxBulkBytes: number;
  /** Most arguments of one request, at least 10. */
  maxMultibulk: number;
  /** Longest line in bytes: an inline request, or the line of a count or length. */
  maxInlineBytes: number;
  /** False while the client still has to authenticate. */
  authenticated: boolean;
}

/** Most arguments of a request before authentication. */
export const UNAUTHENTICATED_MULTIBULK = 10;

/** Longest argument before authentication. */
export const UNAUTHENTICATED_BULK_BYTES = 16_384;

/** What a decoding step answers instead of an offset when the request is not complete yet. */
export const INCOMPLETE = -1;

/** What it answers when the request breaks the protocol. */
export const FAILED = -2;
