/** HINCRBYFLOAT key field increment: the sum in extended precision, as Redis on x86 adds. */

import { ErrorReply, NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { isShortDecimal } from "../../structures/numbers/decimal_sum.ts";
import { readExtended } from "../../structures/numbers/extended_float.ts";
import { FloatSum, ZERO_TEXT } from "../arguments/float_sum.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const VALUE_NOT_A_FLOAT = new ErrorReply("ERR hash value is not a float");
const INFINITE_INCREMENT = new ErrorReply("ERR value is NaN or Infinity");

const sum = new FloatSum();

const HINCRBYFLOAT = event("hash", "hincrbyfloat");

register({
  name: "hincrbyfloat",
  arity: 4,
  complexity: "O(1)",
  group: "hash",
  since: "2.6.0",
  summary: "Adds to the value of a field of a hash, a number that is 0 where there is none.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string" },
    { name: "increment", type: "double" },
  ],
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    checkIncrement(call);
    call.keyspace.hashes.change(call, 1, add, HINCRBYFLOAT);
  },
});

/** Argument 3 has to be a finite number, whatever there is to be added to. @throws {ErrorReply} */
function checkIncrement({ args }: Call): void {
  const start = args.start(3);
  const length = args.length(3);
  if (isShortDecimal(args.bytes, start, length)) return;
  const increment = readExtended(args.bytes, start, length);
  if (increment === undefined) throw NOT_A_FLOAT;
  if (increment.exponent === Infinity) throw INFINITE_INCREMENT;
}

function add({ args, reply }: Call, hash: FieldMap): number {
  const isThere = hash.find(args.bytes, args.start(2), args.length(2));
  sum.add(isThere ? hash.value : ZERO_TEXT, args, 3, VALUE_NOT_A_FLOAT);
  hash.set(args.bytes, args.start(2), args.length(2), sum.bytes, 0, sum.length, true);
  reply.bulkBytes(sum.bytes, 0, sum.length);
  return 1;
}
