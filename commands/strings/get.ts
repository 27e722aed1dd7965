/** GET key */

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
    const value = call.keyspace.strings.read(call, 1);
    if (value === undefined) call.reply.nil();
    else call.reply.bulkView(value);
  },
});
