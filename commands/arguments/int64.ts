/** Integers of up to 64 bits: numbers where those are exact, else bigints. */

import type { Reply } from "../../protocol/reply.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { parseInteger } from "../../structures/numbers/decimal.ts";

/** The integer that a text spells, or undefined. O(length). */
export function integerIn({ bytes, start, length }: ByteView): number | bigint | undefined {
  return parseInteger(bytes, start, length);
}

/** Replies with an integer. */
export function replyInt64(reply: Reply, value: number | bigint): void {
  if (typeof value === "number") reply.integer(value);
  else reply.bigInteger(value);
}
