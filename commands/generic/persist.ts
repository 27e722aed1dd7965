/** PERSIST key */

import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "persist",
  arity: 2,
  complexity: "O(log N) with N expiring keys",
  group: "generic",
  since: "2.2.0",
  summary: "Takes a key's expiry away.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "update"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const { db, reply } = call;
    const entry = db.change(call.key(1));
    reply.integer(entry !== NONE && db.persist(entry) ? 1 : 0);
  },
});
