/** HMGET key field [field …] */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { membersPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
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
  prefetch: membersPrefetch,
  run(call) {
    const { args, reply } = call;
    const entry = call.db.readOf(call.key(1), Type.Hash);
    reply.array(call.count - 2);
    if (entry === NONE) {
      for (let i = 2; i < call.count; i++) reply.nil();
      return;
    }
    const hash = call.keyspace.hashes.open(entry);
    for (let i = 2; i < call.count; i++) {
      if (hash.find(args.bytes, args.start(i), args.length(i))) VALUE.write(reply, hash);
      else reply.nil();
    }
  },
});
