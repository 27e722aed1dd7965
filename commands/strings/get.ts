import { NONE } from "../../structures/arena/arena.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "get",
  arity: 2,
  complexity: "O(1)",
  group: "string",
  since: "1.0.0",
  summary: "Answers the string that a key holds.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const { db, keyspace, reply } = call;
    const entry = db.readOf(call.key(1), Type.String);
    if (entry === NONE) reply.nil();
    else keyspace.strings.reply(entry, reply);
  },
});
