/** GETBIT key offset */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { bitOffset } from "./bit_offset.ts";

register({
  name: "getbit",
  arity: 3,
  complexity: "O(1)",
  group: "bitmap",
  since: "2.2.0",
  summary: "Answers a bit of a string, 0 behind its end.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "offset", type: "integer" },
  ],
  run(call) {
    const offset = bitOffset(call, 2);
    const value = call.keyspace.strings.read(call, 1);
    const byte = Math.floor(offset / 8);
    if (value === undefined || byte >= value.length) return call.reply.integer(0);
    call.reply.integer(value.bytes[value.start + byte] >> (7 - (offset & 7)) & 1);
  },
});
