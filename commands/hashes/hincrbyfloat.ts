/** HINCRBYFLOAT key field increment: the sum in extended precision, as Redis on x86 adds. */

import { ErrorReply, NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import {
  isShortDecimal,
  MAX_SHORT_SUM,
  NO_SHORT_SUM,
  writeShortSum,
} from "../../structures/numbers/decimal_sum.ts";
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

const encoder = new TextEncoder();
/** What is added to where there is no field. */
const ZERO_TEXT = { bytes: encoder.encode("0"), start: 0, length: 1 };
const shortText = withView(new Uint8Array(MAX_SHORT_SUM));

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

/** Argument 3 has to be a number, whatever there is to be added to. @throws {ErrorReply} */
function checkIncrement(call: Call): void {
  const { args } = call;
  if (!isShortDecimal(args.bytes, args.start(3), args.length(3))) incrementOf(call);
}

/** Argument 3 as a number. @throws {ErrorReply} where it is none, or infinite */
function incrementOf({ args }: Call): Extended {
  const increment = readExtended(args.bytes, args.start(3), args.length(3));
  if (increment === undefined) throw NOT_A_FLOAT;
  if (increment.exponent === Infinity) throw INFINITE_INCREMENT;
  return increment;
}

function add(call: Call, hash: FieldMap): number {
  const { args, reply } = call;
  const isThere = hash.find(args.bytes, args.start(2), args.length(2));
  const value = isThere ? hash.value : ZERO_TEXT;
  let text: Uint8Array = shortText;
  let length = writeShortSum(
    shortText,
    value.bytes,
    value.start,
    value.length,
    args.bytes,
    args.start(3),
    args.length(3),
  );
  if (length === NO_SHORT_SUM) {
    text = encoder.encode(formatExtended(sumOf(call, value)));
    length = text.length;
  }
  hash.set(args.bytes, args.start(2), args.length(2), text, 0, length, true);
  reply.bulkBytes(text, 0, length);
  return 1;
}

/** The sum of a value and the increment. @throws {ErrorReply} where the value is no number, or it is infinite */
function sumOf(call: Call, { bytes, length, start }: ByteView): Extended {
  const value = readExtended(bytes, start, length);
  if (value === undefined) throw VALUE_NOT_A_FLOAT;
  const sum = addExtended(value, incrementOf(call));
  if (sum.exponent === Infinity) throw INFINITE_SUM;
  return sum;
}
