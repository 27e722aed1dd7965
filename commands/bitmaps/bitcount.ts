/** BITCOUNT key [start end [BYTE | BIT]] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { countOnesInRange } from "../../structures/bits/bit_count.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { BitRange, isInBits, RANGE_UNIT } from "./bit_range.ts";

const range = new BitRange();

register({
  name: "bitcount",
  arity: -2,
  complexity: "O(N), N being the bytes of the range",
  group: "bitmap",
  since: "2.6.0",
  summary: "Counts the bits of a string, or of a part of it, that are 1.",
  history: [["7.0.0", "BYTE and BIT."]],
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    {
      name: "range",
      type: "block",
      optional: true,
      arguments: [
        { name: "start", type: "integer" },
        { name: "end", type: "integer" },
        RANGE_UNIT,
      ],
    },
  ],
  run(call) {
    const { count, reply } = call;
    const value = call.keyspace.strings.read(call, 1);
    // As in Redis, of a missing key no range is looked at.
    if (value === undefined) return reply.integer(0);
    const { bytes, length, start } = value;
    if (count === 2) range.setWhole(length);
    else {
      if (count !== 4 && count !== 5) throw SYNTAX_ERROR;
      const from = call.int64(2);
      const to = call.int64(3);
      // Likewise where both count from the end, and are the wrong way round.
      if (from < 0 && to < 0 && from > to) return reply.integer(0);
      range.set(Number(from), Number(to), count === 5 && isInBits(call, 4), length);
    }
    if (range.isEmpty) return reply.integer(0);
    reply.integer(countOnesInRange(bytes, start, range.first, range.last));
  },
});
