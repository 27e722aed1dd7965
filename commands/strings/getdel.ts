/** GETDEL key */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { replyString } from "./string_reply.ts";

register({
  name: "getdel",
  arity: 2,
  complexity: "O(1)",
  group: "string",
  since: "6.2.0",
  summary: "Deletes a key, and answers the string that it held.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "access", "delete"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const value = call.keyspace.strings.read(call, 1);
    replyString(call, value);
    if (value !== undefined) call.db.delete(call.key(1), false);
  },
});
