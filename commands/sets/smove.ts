/** SMOVE source destination member */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "smove",
  arity: 4,
  complexity: "O(1)",
  group: "set",
  since: "1.0.0",
  summary: "Moves a member from one set to another.",
  flags: ["write", "fast"],
  keys: [
    key(1, "RW", "access", "delete"),
    key(2, "RW", "insert"),
  ],
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
    { name: "member", type: "string" },
  ],
  run(call) {
    const { args, db, keyspace, keyspace: { sets }, reply } = call;
    const { bytes } = args;
    const start = args.start(3);
    const length = args.length(3);
    const source = db.findOf(call.key(1), Type.Set);
    if (source === NONE) return reply.integer(0);
    const key = call.key(2);
    const destination = db.findOf(key, Type.Set);
    if (!sets.open(source).find(bytes, start, length)) return reply.integer(0);
    if (source === destination) return reply.integer(1);
    // Added first: where memory is full, the member stays where it was.
    const target = sets.open(destination);
    try {
      target.prepare(1, bytes, start, length);
      if (target.add(bytes, start, length)) keyspace.dirty++;
    } catch (error) {
      sets.abandon(db, destination, key);
      throw error;
    }
    sets.store(db, destination, key);
    sets.open(source).remove(bytes, start, length);
    sets.store(db, source, call.key(1));
    keyspace.dirty++;
    reply.integer(1);
  },
});
