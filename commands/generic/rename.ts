/** RENAME key newkey */

import { NONE } from "../../structures/arena/arena.ts";
import { NO_SUCH_KEY } from "../../protocol/error_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "rename",
  arity: 3,
  complexity: "O(1), and O(M) where the new name held a collection of M elements",
  group: "generic",
  since: "1.0.0",
  summary: "Gives a value with its expiry another key, whatever that key held before.",
  flags: ["write"],
  keys: [
    key(1, "RW", "access", "delete"),
    key(2, "OW", "update"),
  ],
  arguments: [
    { name: "key", type: "key" },
    { name: "newkey", type: "key" },
  ],
  run(call) {
    const { db, reply } = call;
    const entry = db.change(call.key(1));
    if (entry === NONE) throw NO_SUCH_KEY;
    db.rename(entry, call.key(2));
    reply.ok();
  },
});
