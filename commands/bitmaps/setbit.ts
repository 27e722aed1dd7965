/** SETBIT key offset value */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { bitOffset } from "./bit_offset.ts";
import { SETBIT } from "./events.ts";

const NOT_A_BIT = new ErrorReply("ERR bit is not an integer or out of range");

register({
  name: "setbit",
  arity: 4,
  complexity: "O(1)",
  group: "bitmap",
  since: "2.2.0",
  summary:
    "Sets or clears a bit of a string, which gets longer where it has to, and answers the old.",
  flags: ["write", "denyoom"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "offset", type: "integer" },
    { name: "value", type: "integer" },
  ],
  run(call) {
    const { args, db, keyspace: { stringEdits, strings }, reply } = call;
    const offset = bitOffset(call, 2);
    const bit = args.safeInteger(3);
    if (bit !== 0 && bit !== 1) throw NOT_A_BIT;
    const key = call.key(1);
    const found = db.changeOf(key, Type.String);
    const oldLength = found === NONE ? 0 : strings.length(found);
    const byte = Math.floor(offset / 8);
    const entry = stringEdits.open(db, found, key, byte + 1, 0);
    const { bytes, start } = strings.view(entry);
    const mask = 0x80 >> (offset & 7);
    const old = bytes[start + byte];
    const oldBit = (old & mask) === 0 ? 0 : 1;
    if (oldBit !== bit) bytes[start + byte] = old ^ mask;
    if (oldBit !== bit || byte >= oldLength) stringEdits.tell(db, key, found === NONE, 1, SETBIT);
    reply.integer(oldBit);
  },
});
