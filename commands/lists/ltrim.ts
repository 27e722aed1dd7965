/** LTRIM key start stop */

import type { Call } from "../../server/execution/call.ts";
import { EMPTIED, TOUCHED } from "../../server/keyspace/collections.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { List } from "../../structures/list/list.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { IndexRange } from "./index_range.ts";

const range = new IndexRange();
const LTRIM = event("list", "ltrim");

register({
  name: "ltrim",
  arity: 4,
  complexity: "O(N), N being the number of elements removed, most of them in bulk",
  group: "list",
  since: "1.0.0",
  summary: "Removes all elements of a list but those in a range of indexes.",
  flags: ["write"],
  keys: key(1, "RW", "delete"),
  arguments: [
    { name: "key", type: "key" },
    { name: "start", type: "integer" },
    { name: "stop", type: "integer" },
  ],
  run(call) {
    call.integer(2);
    call.integer(3);
    call.keyspace.lists.changePresent(call, 1, trim, LTRIM);
    call.reply.ok();
  },
});

function trim(call: Call, list: List): number {
  const { count } = list;
  range.set(call.integer(2), call.integer(3), count);
  const { first, length } = range;
  if (length === 0) return EMPTIED;
  list.removeRange(first + length, count - first - length);
  list.removeRange(0, first);
  // As in Redis, a list that stays as it is counts as trimmed.
  return count === length ? TOUCHED : count - length;
}
