/** INCRBYFLOAT key increment: the sum in extended precision, as Redis on x86 adds. */

import { ErrorReply, NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import {
  addExtended,
  type Extended,
  formatExtended,
  readExtended,
} from "../../structures/numbers/extended_float.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const INFINITE_SUM = new ErrorReply("ERR increment would produce NaN or Infinity");

const ZERO: Extended = { mantissa: 0n, exponent: 0 };
const encoder = new TextEncoder();

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
    let value: Extended | undefined = ZERO;
    if (entry !== NONE) {
      const { bytes, start, length } = strings.view(entry);
      value = readExtended(bytes, start, length);
    }
    const increment = readExtended(args.bytes, args.start(2), args.length(2));
    if (value === undefined || increment === undefined) throw NOT_A_FLOAT;
    const sum = addExtended(value, increment);
    if (sum.exponent === Infinity) throw INFINITE_SUM;
    const text = encoder.encode(formatExtended(sum));
    strings.writeText(db, entry, key, text, 0, text.length, INCRBYFLOAT);
    reply.bulkBytes(text, 0, text.length);
  },
});
