/** STRLEN key */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "strlen",
  arity: 2,
  complexity: "O(1)",
  group: "string",
  since: "2.2.0",
  summary: "Tells how many bytes a string has.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [{ name: "key", type: "key" }],
  run: (call) => call.reply.integer(call.keyspace.strings.read(call, 1)?.length ?? 0),
});
