/** HMGET key field [field …] */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { removeMet } from "./expired_fields.ts";
import { VALUE } from "./field_reply.ts";

register({
  name: "hmget",
  arity: -3,
  complexity: "O(N) with N fields asked for",
  group: "hash",
  since: "2.0.0",
  summary: "Answers the values of several fields of a hash.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string", multiple: true },
  ],
  members: { first: 2, step: 1 },
  run(call) {
    const { args, reply } = call;
    const hash = call.keyspace.hashes.read(call, 1);
    reply.array(call.count - 2);
    for (let i = 2; i < call.count; i++) {
      const found = hash !== undefined && hash.find(args.bytes, args.start(i), args.length(i));
      if (found) VALUE.write(reply, hash);
      else reply.nil();
    }
    if (hash?.hasMetExpired) removeMet(call, hash, 2, call.count - 1);
  },
});
