/** HINCRBY key field increment */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import {
  parseInt64,
  parseSafeInteger,
  writeBigInteger,
  writeInteger,
} from "../../structures/numbers/decimal.ts";
import { memberPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { setField } from "./field_change.ts";

const NOT_AN_INTEGER = new ErrorReply("ERR hash value is not an integer");
const OVERFLOW = new ErrorReply("ERR increment or decrement would overflow");

const MAX_INT64_TEXT = 20;
const text = new Uint8Array(MAX_INT64_TEXT);

register({
  name: "hincrby",
  arity: 4,
  complexity: "O(1)",
  group: "hash",
  since: "2.0.0",
  summary: "Adds to the integer value of a field of a hash, which is 0 where there is none.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string" },
    { name: "increment", type: "integer" },
  ],
  prefetch: memberPrefetch,
  run(call) {
    const { args, db, keyspace: { hashes }, reply } = call;
    const increment = call.int64(3);
    const entry = db.findOf(call.key(1), Type.Hash);
    let value: number | bigint = 0;
    if (entry !== NONE) {
      const hash = hashes.open(entry);
      if (hash.find(args.bytes, args.start(2), args.length(2))) value = integerOf(hash.value);
    }
    const sum = sumOf(value, increment);
    const length = typeof sum === "number"
      ? writeInteger(text, 0, sum)
      : writeBigInteger(text, 0, sum);
    setField(call, entry, text, 0, length);
    if (typeof sum === "number") reply.integer(sum);
    else reply.bigInteger(sum);
  },
});

function integerOf({ bytes, start, length }: ByteView): number | bigint {
  const value = parseSafeInteger(bytes, start, length);
  if (value === value) return value;
  const wide = parseInt64(bytes, start, length);
  if (wide === undefined) throw NOT_AN_INTEGER;
  return wide;
}

/** The sum, a number where that is exact. @throws {ErrorReply} where it has more than 64 bits */
function sumOf(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const sum = BigInt(a) + BigInt(b);
  if (BigInt.asIntN(64, sum) !== sum) throw OVERFLOW;
  return sum;
}
