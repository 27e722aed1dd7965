/** INCRBYFLOAT key increment: the sum in extended precision, as Redis on x86 adds. */

import { NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { FloatSum, ZERO_TEXT } from "../arguments/float_sum.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const sum = new FloatSum();

const INCRBYFLOAT = event("string", "incrbyfloat");

register({
  name: "incrbyfloat",
  arity: 3,
  complexity: "O(1)",
  group: "string",
  since: "2.6.0",
  summary: "Adds to the number that a key holds, 0 where it is missing; both may have fractions.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "increment", type: "double" },
  ],
  run(call) {
    const { args, db, keyspace: { strings }, reply } = call;
    const key = call.key(1);
    const entry = db.changeOf(key, Type.String);
    sum.add(entry === NONE ? ZERO_TEXT : strings.view(entry), args, 2, NOT_A_FLOAT);
    strings.writeText(db, entry, key, sum.bytes, 0, sum.length, INCRBYFLOAT);
    reply.bulkBytes(sum.bytes, 0, sum.length);
  },
});
