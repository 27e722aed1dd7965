/**
 * A reply that is written a piece at a time, because it is so long that putting it together at once
 * would hold up everybody, or would not fit into memory.
 *
 * The command writes the header and hands over the rest ({@linkcode Call.replyInPieces}). Each piece
 * is sent before the next is written, and in between the server serves others. The client's own
 * requests behind it wait, as do messages to it.
 *
 * ```
 * command ─▶ header, first piece ─▶ sent ─▶ piece ─▶ sent ─▶ … ─▶ last piece ─▶ next request
 *                                   others   others
 * ```
 *
 * Where a hard limit on the client's output is set, which bounds what has to be kept, the pieces are
 * sent together at the end: a reply that is over the limit is one of which nothing is sent.
 *
 * A command sees one state of its keys, so what a piecewise reply reads must not change under it:
 * whoever writes one watches for the change and then takes what it still needs.
 */

import type { Reply } from "../../protocol/reply.ts";

export interface PiecewiseReply {
  /**
   * Writes some more values: about as many as are sent in one go, never so many that it takes
   * longer than a slice.
   *
   * @returns whether there are more
   */
  write(reply: Reply): boolean;
  /** The reply is complete, or the client is gone. Called once. */
  ended(): void;
}

/** Writes all that is left at once, where a reply cannot be sent in pieces. */
export function writeWhole(pieces: PiecewiseReply, reply: Reply): void {
  try {
    while (pieces.write(reply));
  } finally {
    pieces.ended();
  }
}
