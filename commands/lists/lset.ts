/** LSET key index element */

import { ErrorReply, NO_SUCH_KEY } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const INDEX_OUT_OF_RANGE = new ErrorReply("ERR index out of range");

register({
  name: "lset",
  arity: 4,
  complexity: "O(N), N being the number of elements up to the index, most of them passed in bulk",
  group: "list",
  since: "1.0.0",
  summary: "Puts another element in the place of the one at an index of a list.",
  flags: ["write", "denyoom"],
  keys: key(1, "RW", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "index", type: "integer" },
    { name: "element", type: "string" },
  ],
  run(call) {
    const { args, db, keyspace, reply } = call;
    const key = call.key(1);
    const entry = db.findOf(key, Type.List);
    if (entry === NONE) throw NO_SUCH_KEY;
    const index = call.integer(2);
    const list = keyspace.lists.open(entry);
    try {
      list.prepare(1, args.length(3));
      if (!list.seek(index)) throw INDEX_OUT_OF_RANGE;
      list.replaceAtCursor(args.bytes, args.start(3), args.length(3));
      list.compact();
    } finally {
      keyspace.lists.store(db, entry, key);
    }
    keyspace.dirty++;
    reply.ok();
  },
});
