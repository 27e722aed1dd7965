/** MOVE key db */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { databaseArgument } from "../arguments/database_argument.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

export const SAME_OBJECT = new ErrorReply("ERR source and destination objects are the same");

register({
  name: "move",
  arity: 3,
  complexity: "O(1)",
  group: "generic",
  since: "1.0.0",
  summary: "Moves a key to another database, unless that has it too.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "db", type: "integer" },
  ],
  run(call) {
    const { db, reply } = call;
    const target = databaseArgument(call, 2);
    if (target === db) throw SAME_OBJECT;
    const moved = call.key(1);
    const entry = db.change(moved);
    if (entry === NONE || target.change(moved) !== NONE) return reply.integer(0);
    db.move(entry, moved, target);
    reply.integer(1);
  },
});
