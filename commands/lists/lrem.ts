/** LREM key count element: the first `count` of them, the last where negative, all where 0. */

import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { List } from "../../structures/list/list.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
const LREM = event("list", "lrem");

register({
  name: "lrem",
  arity: 4,
  complexity: "O(N+M), N being the number of elements and M that of elements removed",
  group: "list",
  since: "1.0.0",
  summary: "Removes elements from a list that are equal to one given.",
  flags: ["write"],
  keys: key(1, "RW", "delete"),
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer" },
    { name: "element", type: "string" },
  ],
  run(call) {
    call.integer(2);
    if (call.keyspace.lists.changePresent(call, 1, remove, LREM) === MISSING) call.reply.integer(0);
  },
});

function remove(call: Call, list: List): number {
  const { args } = call;
  const count = call.integer(2);
  const limit = count === 0 ? Infinity : Math.abs(count);
  const removed = list.removeEqual(args.bytes, args.start(3), args.length(3), limit, count < 0);
  call.reply.integer(removed);
  return removed;
}
