/** APPEND key value */

import { NONE } from "../../structures/arena/arena.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NO_EXPIRY } from "../../server/keyspace/strings.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { checkStringLength } from "./string_length.ts";

const APPEND = event("string", "append");

register({
  name: "append",
  arity: 3,
  complexity: "O(1) for each byte appended, amortized",
  group: "string",
  since: "2.0.0",
  summary: "Adds bytes to the end of a string, an empty one where the key is missing.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "insert"),
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
  ],
  run(call) {
    const { args, db, keyspace: { stringEdits, strings }, reply } = call;
    const { bytes } = args;
    const start = args.start(2);
    const length = args.length(2);
    const key = call.key(1);
    const entry = db.changeOf(key, Type.String);
    if (entry === NONE) {
      strings.write(db, entry, key, bytes, start, length, NO_EXPIRY, APPEND);
      return reply.integer(length);
    }
    const end = strings.length(entry);
    checkStringLength(call, end + length);
    reply.integer(stringEdits.splice(db, entry, key, end, bytes, start, length, APPEND));
  },
});
