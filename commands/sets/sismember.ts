/** SISMEMBER key member */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena.ts";
import { register } from "../registry.ts";

register({
  name: "sismember",
  arity: 3,
  complexity: "O(1)",
  group: "set",
  since: "1.0.0",
  summary: "Tells whether a set has a member.",
  flags: ["readonly", "fast"],
  keys: { first: 1, last: 1, step: 1, flags: ["RO"] },
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string" },
  ],
  run(call) {
    const { args, reply } = call;
    const entry = call.db.readOf(call.key(1), Type.Set);
    if (entry === NONE) return reply.integer(0);
    const set = call.keyspace.sets.open(entry);
    reply.integer(set.find(args.bytes, args.start(2), args.length(2)) ? 1 : 0);
  },
});
