/** Strings of keys in replies. */

import type { Call } from "../../server/execution/call.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";

/** Replies with a string, or nil where the key is missing. O(length). */
export function replyString({ reply }: Call, value: ByteView | undefined): void {
  if (value === undefined) reply.nil();
  else reply.bulkView(value);
}
