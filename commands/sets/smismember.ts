/** SMISMEMBER key member [member …] */

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
  members: { first: 2, step: 1 },
  run(call) {
    const { args, reply } = call;
    const set = call.keyspace.sets.read(call, 1);
    reply.array(call.count - 2);
    for (let i = 2; i < call.count; i++) {
      const found = set !== undefined && set.find(args.bytes, args.start(i), args.length(i));
      reply.integer(found ? 1 : 0);
    }
  },
});
