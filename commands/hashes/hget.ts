/** HGET key field */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { memberPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
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
  prefetch: memberPrefetch,
  run(call) {
    const { args, reply } = call;
    const entry = call.db.readOf(call.key(1), Type.Hash);
    if (entry === NONE) return reply.nil();
    const hash = call.keyspace.hashes.open(entry);
    if (hash.find(args.bytes, args.start(2), args.length(2))) VALUE.write(reply, hash);
    else reply.nil();
  },
});
