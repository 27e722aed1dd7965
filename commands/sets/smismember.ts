/** SMISMEMBER key member [member …] */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { membersPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "smismember",
  arity: -3,
  complexity: "O(N) with N members asked for",
  group: "set",
  since: "6.2.0",
  summary: "Tells of several members whether a set has them.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string", multiple: true },
  ],
  prefetch: membersPrefetch,
  run(call) {
    const { args, reply } = call;
    const entry = call.db.readOf(call.key(1), Type.Set);
    reply.array(call.count - 2);
    if (entry === NONE) {
      for (let i = 2; i < call.count; i++) reply.integer(0);
      return;
    }
    const set = call.keyspace.sets.open(entry);
    for (let i = 2; i < call.count; i++) {
      reply.integer(set.find(args.bytes, args.start(i), args.length(i)) ? 1 : 0);
    }
  },
});
