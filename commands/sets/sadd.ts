/** SADD key member [member …] */

import { Type } from "../../server/keyspace/entry.ts";
import { membersPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "sadd",
  arity: -3,
  complexity: "O(1) for each member",
  group: "set",
  since: "1.0.0",
  summary: "Adds members to a set, and makes the set where there is none.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "insert"),
  history: [["2.4.0", "More than one member."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string", multiple: true },
  ],
  prefetch: membersPrefetch,
  run(call) {
    const { args, count, db, keyspace, keyspace: { sets } } = call;
    const key = call.key(1);
    const entry = db.findOf(key, Type.Set);
    const set = sets.open(entry);
    let added = 0;
    try {
      set.prepare(count - 2, args.bytes, args.start(2), args.length(2));
      for (let i = 2; i < count; i++) {
        if (set.add(args.bytes, args.start(i), args.length(i))) added++;
      }
    } catch (error) {
      sets.abandon(db, entry, key);
      throw error;
    }
    sets.storeGrown(db, entry, key);
    keyspace.dirty += added;
    call.reply.integer(added);
  },
});
