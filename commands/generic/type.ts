/** TYPE key */

import { NONE } from "../../structures/arena/arena.ts";
import { TYPE_NAMES } from "../../server/keyspace/entry.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "type",
  arity: 2,
  complexity: "O(1)",
  group: "generic",
  since: "1.0.0",
  summary: "Names the type of the value that a key holds.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const entry = call.db.inspect(call.key(1));
    call.reply.status(entry === NONE ? "none" : TYPE_NAMES[call.keyspace.entries.type(entry)]);
  },
});
