/** LINSERT key BEFORE|AFTER pivot element */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

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
    {
      name: "where",
      type: "oneof",
      arguments: [
        { name: "before", type: "pure-token", token: "BEFORE" },
        { name: "after", type: "pure-token", token: "AFTER" },
      ],
    },
    { name: "pivot", type: "string" },
    { name: "element", type: "string" },
  ],
  run(call) {
    const { args, db, keyspace, reply } = call;
    const behind = args.is(2, "AFTER");
    if (!behind && !args.is(2, "BEFORE")) throw SYNTAX_ERROR;
    const key = call.key(1);
    const entry = db.findOf(key, Type.List);
    if (entry === NONE) return reply.integer(0);
    const list = keyspace.lists.open(entry);
    let found: boolean;
    try {
      list.prepare(1, args.length(4));
      found = list.find(args.bytes, args.start(3), args.length(3));
      if (found) list.insertAtCursor(behind, args.bytes, args.start(4), args.length(4));
    } finally {
      keyspace.lists.store(db, entry, key);
    }
    if (!found) return reply.integer(-1);
    keyspace.dirty++;
    reply.integer(list.count);
  },
});
