/** SETNX key value */

import { NONE } from "../../structures/arena/arena.ts";
import { NO_EXPIRY } from "../../server/keyspace/strings.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SET } from "./events.ts";

register({
  name: "setnx",
  arity: 3,
  complexity: "O(1)",
  group: "string",
  since: "1.0.0",
  summary: "Makes a key hold a string, if it holds nothing yet.",
  deprecatedSince: "2.6.12",
  replacedBy: "`SET` with `NX`",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "OW", "insert"),
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
  ],
  run(call) {
    const { args, db, keyspace: { strings }, reply } = call;
    const key = call.key(1);
    const entry = db.change(key);
    if (entry !== NONE) return reply.integer(0);
    strings.write(db, entry, key, args.bytes, args.start(2), args.length(2), NO_EXPIRY, SET);
    reply.integer(1);
  },
});
