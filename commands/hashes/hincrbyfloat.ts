/** HINCRBYFLOAT key field increment: the sum in extended precision, as Redis on x86 adds. */

import { ErrorReply, NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import {
  addExtended,
  type Extended,
  formatExtended,
  readExtended,
} from "../../structures/numbers/extended_float.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const VALUE_NOT_A_FLOAT = new ErrorReply("ERR hash value is not a float");
const INFINITE_INCREMENT = new ErrorReply("ERR value is NaN or Infinity");
const INFINITE_SUM = new ErrorReply("ERR increment would produce NaN or Infinity");

const ZERO: Extended = { mantissa: 0n, exponent: 0 };
const encoder = new TextEncoder();
/** Of the call under way. */
let increment = ZERO;

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
    increment = incrementOf(call);
    call.keyspace.hashes.change(call, 1, add, HINCRBYFLOAT);
  },
});

/** Argument 3 as a number. @throws {ErrorReply} where it is none, or infinite */
function incrementOf({ args }: Call): Extended {
  const increment = readExtended(args.bytes, args.start(3), args.length(3));
  if (increment === undefined) throw NOT_A_FLOAT;
  if (increment.exponent === Infinity) throw INFINITE_INCREMENT;
  return increment;
}

function add(call: Call, hash: FieldMap): number {
  const { args, reply } = call;
  const { bytes } = args;
  let value: Extended | undefined = ZERO;
  if (hash.find(bytes, args.start(2), args.length(2))) {
    value = readExtended(hash.value.bytes, hash.value.start, hash.value.length);
  }
  if (value === undefined) throw VALUE_NOT_A_FLOAT;
  const sum = addExtended(value, increment);
  if (sum.exponent === Infinity) throw INFINITE_SUM;
  const text = encoder.encode(formatExtended(sum));
  hash.set(bytes, args.start(2), args.length(2), text, 0, text.length, true);
  reply.bulkBytes(text, 0, text.length);
  return 1;
}
