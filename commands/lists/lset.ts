/** LSET key index element */

import { ErrorReply, NO_SUCH_KEY } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { List } from "../../structures/list/list.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const INDEX_OUT_OF_RANGE = new ErrorReply("ERR index out of range");
const LSET = event("list", "lset");

register({
  name: "lset",
  arity: 4,
  complexity: "O(N), N being the number of elements up to the index, most of them passed in bulk",
  group: "list",
  since: "1.0.0",
  summary: "Puts another element in the place of the one at an index of a list.",
  flags: ["write", "denyoom"],
  keys: key(1, "RW", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "index", type: "integer" },
    { name: "element", type: "string" },
  ],
  run(call) {
    if (call.keyspace.lists.changePresent(call, 1, replace, LSET) === MISSING) throw NO_SUCH_KEY;
    call.reply.ok();
  },
});

function replace(call: Call, list: List): number {
  const { args } = call;
  const index = call.integer(2);
  list.prepare(1, args.length(3));
  if (!list.seek(index)) throw INDEX_OUT_OF_RANGE;
  list.replaceAtCursor(args.bytes, args.start(3), args.length(3));
  return 1;
}
