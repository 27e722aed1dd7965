/** DIGEST key */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { DIGEST_DIGITS, writeDigest } from "./digest_text.ts";

const digits = new Uint8Array(DIGEST_DIGITS);

register({
  name: "digest",
  arity: 2,
  complexity: "O(N), N being the length of the string",
  group: "string",
  since: "8.4.0",
  summary: "Answers a hash of the string that a key holds, to compare it by without sending it.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const value = call.keyspace.strings.read(call, 1);
    if (value === undefined) return call.reply.nil();
    writeDigest(value, digits);
    call.reply.bulkBytes(digits, 0, DIGEST_DIGITS);
  },
});
