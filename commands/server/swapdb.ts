/** SWAPDB index1 index2 */

import { DB_INDEX_OUT_OF_RANGE, ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { register } from "../registry.ts";

const INVALID_FIRST = new ErrorReply("ERR invalid first DB index");
const INVALID_SECOND = new ErrorReply("ERR invalid second DB index");

register({
  name: "swapdb",
  arity: 3,
  complexity: "O(N) with N clients that watch keys of both databases or wait for such",
  group: "server",
  since: "4.0.0",
  summary: "Has two databases change places: who works on one sees the keys of the other at once.",
  flags: ["write", "fast"],
  categories: ["keyspace", "dangerous"],
  arguments: [
    { name: "index1", type: "integer" },
    { name: "index2", type: "integer" },
  ],
  run(call) {
    const first = indexArgument(call, 1, INVALID_FIRST);
    const second = indexArgument(call, 2, INVALID_SECOND);
    const { databases } = call.keyspace;
    if (databases[first] === undefined || databases[second] === undefined) {
      throw DB_INDEX_OUT_OF_RANGE;
    }
    databases[first].swap(databases[second]);
    call.reply.ok();
  },
});

/** Argument `i` as an integer of 32 bits. */
function indexArgument({ args }: Call, i: number, problem: ErrorReply): number {
  const index = args.safeInteger(i);
  if (index !== (index | 0)) throw problem;
  return index;
}
