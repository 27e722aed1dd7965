/** LINSERT key BEFORE|AFTER pivot element */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { List } from "../../structures/list/list.ts";
import { oneOf } from "../arguments/one_of.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
const LINSERT = event("list", "linsert");

register({
  name: "linsert",
  arity: 5,
  complexity: "O(N), N being the number of elements up to the pivot",
  group: "list",
  since: "2.2.0",
  summary: "Adds an element to a list, before or behind another one.",
  flags: ["write", "denyoom"],
  keys: key(1, "RW", "insert"),
  arguments: [
    { name: "key", type: "key" },
    oneOf("where", ["BEFORE", "AFTER"]),
    { name: "pivot", type: "string" },
    { name: "element", type: "string" },
  ],
  run(call) {
    const { args, reply } = call;
    if (!args.is(2, "AFTER") && !args.is(2, "BEFORE")) throw SYNTAX_ERROR;
    if (call.keyspace.lists.addPresent(call, 1, insert, LINSERT) === MISSING) reply.integer(0);
  },
});

function insert({ args, reply }: Call, list: List): number {
  list.prepare(1, args.length(4));
  const found = list.find(args.bytes, args.start(3), args.length(3));
  if (found) list.insertAtCursor(args.is(2, "AFTER"), args.bytes, args.start(4), args.length(4));
  reply.integer(found ? list.count : -1);
  return found ? 1 : 0;
}
