/** HINCRBYFLOAT key field increment: the sum in extended precision, as Redis on x86 adds. */

import { ErrorReply, NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import {
  addExtended,
  type Extended,
  formatExtended,
  parseExtended,
} from "../../structures/numbers/extended_float.ts";
import { memberPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { setField } from "./field_change.ts";

const VALUE_NOT_A_FLOAT = new ErrorReply("ERR hash value is not a float");
const INFINITE_INCREMENT = new ErrorReply("ERR value is NaN or Infinity");
const INFINITE_SUM = new ErrorReply("ERR increment would produce NaN or Infinity");

const ZERO: Extended = { mantissa: 0n, exponent: 0 };
const latin1 = new TextDecoder("latin1");
const encoder = new TextEncoder();

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
  prefetch: memberPrefetch,
  run(call) {
    const { args, db, keyspace: { hashes }, reply } = call;
    const increment = numberIn(args.bytes, args.start(3), args.length(3));
    if (increment === undefined) throw NOT_A_FLOAT;
    if (increment.exponent === Infinity) throw INFINITE_INCREMENT;
    const entry = db.findOf(call.key(1), Type.Hash);
    let value: Extended | undefined = ZERO;
    if (entry !== NONE) {
      const hash = hashes.open(entry);
      if (hash.find(args.bytes, args.start(2), args.length(2))) {
        value = numberIn(hash.value.bytes, hash.value.start, hash.value.length);
      }
    }
    if (value === undefined) throw VALUE_NOT_A_FLOAT;
    const sum = addExtended(value, increment);
    if (sum.exponent === Infinity) throw INFINITE_SUM;
    const text = encoder.encode(formatExtended(sum));
    setField(call, entry, text, 0, text.length);
    reply.bulkBytes(text, 0, text.length);
  },
});

function numberIn(bytes: Uint8Array, start: number, length: number): Extended | undefined {
  // A copy first: a decoder takes no shared memory.
  return parseExtended(latin1.decode(bytes.slice(start, start + length)));
}
