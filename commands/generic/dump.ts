/** DUMP key */

import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "dump",
  arity: 2,
  complexity: "O(N) with N bytes of the value",
  group: "generic",
  since: "2.6.0",
  summary: "Answers a key's value as bytes, from which RESTORE makes it again, on any server.",
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: key(1, "RO", "access"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const { db, reply, server } = call;
    const entry = db.read(call.key(1));
    if (entry === NONE) return reply.nil();
    const { config, dumps } = server;
    try {
      reply.bulkView(dumps.write(entry, config.rdbCompression));
    } finally {
      dumps.release();
    }
  },
});
