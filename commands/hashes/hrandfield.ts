/** HRANDFIELD key [count [WITHVALUES]] */

import { randomCommand } from "../members/random_command.ts";
import { register } from "../registry.ts";
import { withoutExpired } from "./expired_fields.ts";
import { FIELD_AND_VALUE } from "./field_reply.ts";

register(randomCommand({
  name: "hrandfield",
  group: "hash",
  summary: "Answers fields of a hash chosen at random.",
  counted: "fields",
  withWord: "WITHVALUES",
  pair: FIELD_AND_VALUE,
  read(call) {
    const hash = call.keyspace.hashes.read(call, 1);
    return hash === undefined ? undefined : withoutExpired(call, hash);
  },
  pins: ({ pinnedHashes }) => pinnedHashes,
}));
