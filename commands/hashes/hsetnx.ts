/** HSETNX key field value */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { memberPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { setField } from "./field_change.ts";

register({
  name: "hsetnx",
  arity: 4,
  complexity: "O(1)",
  group: "hash",
  since: "2.0.0",
  summary: "Gives a field of a hash a value where it has none yet.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "insert"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string" },
    { name: "value", type: "string" },
  ],
  prefetch: memberPrefetch,
  run(call) {
    const { args, db, keyspace: { hashes }, reply } = call;
    const entry = db.findOf(call.key(1), Type.Hash);
    if (entry !== NONE && hashes.open(entry).find(args.bytes, args.start(2), args.length(2))) {
      return reply.integer(0);
    }
    setField(call, entry, args.bytes, args.start(3), args.length(3));
    reply.integer(1);
  },
});
