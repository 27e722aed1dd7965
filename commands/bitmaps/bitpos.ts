/** BITPOS key bit [start [end [BYTE | BIT]]] */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { findBit, NO_BIT } from "../../structures/bits/bit_search.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { BitRange, isInBits, RANGE_UNIT } from "./bit_range.ts";

const NOT_A_BIT = new ErrorReply("ERR The bit argument must be 1 or 0.");

const range = new BitRange();

register({
  name: "bitpos",
  arity: -3,
  complexity: "O(N), N being the bytes of the range",
  group: "bitmap",
  since: "2.8.7",
  summary: "Finds the first bit that is 1, or is 0, in a string or in a part of it.",
  history: [["7.0.0", "BYTE and BIT."]],
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "bit", type: "integer" },
    {
      name: "range",
      type: "block",
      optional: true,
      arguments: [
        { name: "start", type: "integer" },
        {
          name: "end-unit-block",
          type: "block",
          optional: true,
          arguments: [{ name: "end", type: "integer" }, RANGE_UNIT],
        },
      ],
    },
  ],
  run(call) {
    const { count, reply } = call;
    const bit = call.integer(2);
    if (bit !== 0 && bit !== 1) throw NOT_A_BIT;
    const value = call.keyspace.strings.read(call, 1);
    // A missing key is a string of zeros without an end, and no range of it is looked at.
    if (value === undefined) return reply.integer(bit === 1 ? NO_BIT : 0);
    const { bytes, length, start } = value;
    if (count === 3) range.setWhole(length);
    else {
      if (count > 6) throw SYNTAX_ERROR;
      const from = call.integer(3);
      const inBits = count === 6 && isInBits(call, 5);
      range.set(from, count > 4 ? call.integer(4) : -1, inBits, length);
    }
    if (range.isEmpty) return reply.integer(NO_BIT);
    const found = findBit(bytes, start, range.first, range.last, bit);
    // Where no end was given, zeros follow the string.
    if (found === NO_BIT && bit === 0 && count < 5) return reply.integer(length * 8);
    reply.integer(found);
  },
});
