/** HSTRLEN key field */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { removeMet } from "./expired_fields.ts";

register({
  name: "hstrlen",
  arity: 3,
  complexity: "O(1)",
  group: "hash",
  since: "3.2.0",
  summary: "Tells how many bytes the value of a field of a hash has.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string" },
  ],
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    const { args, reply } = call;
    const hash = call.keyspace.hashes.read(call, 1);
    if (hash !== undefined && hash.find(args.bytes, args.start(2), args.length(2))) {
      return reply.integer(hash.value.length);
    }
    reply.integer(0);
    if (hash?.hasMetExpired) removeMet(call, hash, 2, 2);
  },
});
