/**
 * The arguments of commands that count what several keys have in common:
 *
 * ```
 *   numkeys key [key …] [LIMIT limit]      counting ends at the limit; 0 is none
 *           └ argument 2, keyCount of them
 * ```
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { OptionCursor } from "./option_cursor.ts";

const NEGATIVE_LIMIT = new ErrorReply("ERR LIMIT can't be negative");

const options = new OptionCursor();

/** The limit in the options from argument `from` on; infinite where there is none. */
export function limitOption(call: Call, from: number): number {
  let limit = 0;
  options.begin(call.args, from);
  while (options.hasMore) {
    if (!options.value("LIMIT", 1)) throw SYNTAX_ERROR;
    limit = Number(call.args.int64(options.valueAt) ?? -1n);
    if (limit < 0) throw NEGATIVE_LIMIT;
  }
  return limit === 0 ? Infinity : limit;
}
