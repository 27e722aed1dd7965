// All that an output queue holds, taken out of it.

import { concat } from "@std/bytes/concat";
import type { OutputQueue } from "../../../structures/bytes/output_queue.ts";

/** Empties the queue as a socket would, `maxBytes` at a time. */
export function drained(out: OutputQueue, maxBytes: number = Infinity): Uint8Array {
  const pieces: Uint8Array[] = [];
  while (out.length > 0) {
    const piece = out.take(maxBytes).slice();
    pieces.push(piece);
    out.sent(piece.length);
  }
  return concat(pieces);
}
