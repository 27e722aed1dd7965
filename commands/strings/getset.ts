/** GETSET key value */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SET } from "./events.ts";
import { replyString } from "./string_reply.ts";

register({
  name: "getset",
  arity: 3,
  complexity: "O(1)",
  group: "string",
  since: "1.0.0",
  summary: "Makes a key hold a string, and answers the one that it held.",
  deprecatedSince: "6.2.0",
  replacedBy: "`SET` with `GET`",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
  ],
  run(call) {
    const { args, keyspace: { strings } } = call;
    replyString(call, strings.read(call, 1));
    strings.set(call, 1, args.bytes, args.start(2), args.length(2), SET);
  },
});
