/** HGET key field */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { removeMet } from "./expired_fields.ts";
import { VALUE } from "./field_reply.ts";

register({
  name: "hget",
  arity: 3,
  complexity: "O(1)",
  group: "hash",
  since: "2.0.0",
  summary: "Answers the value of a field of a hash.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string" },
  ],
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    const { args, reply } = call;
    const hash = call.keyspace.hashes.read(call, 1);
    if (hash !== undefined && hash.find(args.bytes, args.start(2), args.length(2))) {
      return VALUE.write(reply, hash);
    }
    reply.nil();
    if (hash?.hasMetExpired) removeMet(call, hash, 2, 2);
  },
});
