/** SETRANGE key offset value */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { checkStringLength } from "./string_length.ts";

const NEGATIVE_OFFSET = new ErrorReply("ERR offset is out of range");

const SETRANGE = event("string", "setrange");

register({
  name: "setrange",
  arity: 4,
  complexity: "O(M), M being the bytes written and the zeros before them, amortized",
  group: "string",
  since: "2.2.0",
  summary: "Writes bytes over a part of a string, which gets longer where they go beyond its end.",
  flags: ["write", "denyoom"],
  keys: key(1, "RW", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "offset", type: "integer" },
    { name: "value", type: "string" },
  ],
  run(call) {
    const { args, db, keyspace: { stringEdits, strings }, reply } = call;
    const offset = call.integer(2);
    if (offset < 0) throw NEGATIVE_OFFSET;
    const length = args.length(3);
    const key = call.key(1);
    const entry = db.changeOf(key, Type.String);
    // Nothing to write: no gap is filled either, and no key is made.
    if (length === 0) return reply.integer(entry === NONE ? 0 : strings.length(entry));
    checkStringLength(call, offset + length);
    reply.integer(
      stringEdits.splice(db, entry, key, offset, args.bytes, args.start(3), length, SETRANGE),
    );
  },
});
