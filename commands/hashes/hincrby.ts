/** HINCRBY key field increment */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { SUM_OVERFLOW } from "../../server/keyspace/refusals.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { writeBigInteger, writeInteger } from "../../structures/numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../../structures/numbers/int64.ts";
import { integerIn, replyInt64 } from "../arguments/int64.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const VALUE_NOT_AN_INTEGER = new ErrorReply("ERR hash value is not an integer");

const text = new Uint8Array(MAX_INT64_TEXT);
/** Of the call under way. */
let increment: number | bigint = 0;
const HINCRBY = event("hash", "hincrby");

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
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    increment = call.int64(3);
    call.keyspace.hashes.change(call, 1, add, HINCRBY);
  },
});

function add(call: Call, hash: FieldMap): number {
  const { args } = call;
  const { bytes } = args;
  let value: number | bigint | undefined = 0;
  if (hash.find(bytes, args.start(2), args.length(2))) value = integerIn(hash.value);
  if (value === undefined) throw VALUE_NOT_AN_INTEGER;
  const sum = sumOf(value, increment);
  const length = typeof sum === "number"
    ? writeInteger(text, 0, sum)
    : writeBigInteger(text, 0, sum);
  hash.set(bytes, args.start(2), args.length(2), text, 0, length, true);
  replyInt64(call.reply, sum);
  return 1;
}

/** The sum, a number where that is exact. @throws {Refusal} where it has more than 64 bits */
function sumOf(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const sum = BigInt(a) + BigInt(b);
  if (BigInt.asIntN(64, sum) !== sum) throw SUM_OVERFLOW;
  return sum;
}
