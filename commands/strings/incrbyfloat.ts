/** INCRBYFLOAT key increment: the sum in extended precision, as Redis on x86 adds. */

import { ErrorReply, NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import {
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
import { event } from "../../server/keyspace/key_event.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const INFINITE_SUM = new ErrorReply("ERR increment would produce NaN or Infinity");

const encoder = new TextEncoder();
/** What is added to where there is no key. */
const ZERO_TEXT = { bytes: encoder.encode("0"), start: 0, length: 1 };
const shortText = withView(new Uint8Array(MAX_SHORT_SUM));

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
    const { bytes, start, length } = entry === NONE ? ZERO_TEXT : strings.view(entry);
    let text: Uint8Array = shortText;
    let textLength = writeShortSum(
      shortText,
      bytes,
      start,
      length,
      args.bytes,
      args.start(2),
      args.length(2),
    );
    if (textLength === NO_SHORT_SUM) {
      text = encoder.encode(formatExtended(sumOf(call, bytes, start, length)));
      textLength = text.length;
    }
    strings.writeText(db, entry, key, text, 0, textLength, INCRBYFLOAT);
    reply.bulkBytes(text, 0, textLength);
  },
});

/** The sum of a text and the increment. @throws {ErrorReply} where one is no number, or it is infinite */
function sumOf({ args }: Call, bytes: Uint8Array, start: number, length: number): Extended {
  const value = readExtended(bytes, start, length);
  const increment = readExtended(args.bytes, args.start(2), args.length(2));
  if (value === undefined || increment === undefined) throw NOT_A_FLOAT;
  const sum = addExtended(value, increment);
  if (sum.exponent === Infinity) throw INFINITE_SUM;
  return sum;
}
