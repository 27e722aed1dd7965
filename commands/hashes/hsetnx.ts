/** HSETNX key field value */

import type { Call } from "../../server/execution/call.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { HSET } from "./events.ts";

register({
  name: "hsetnx",
  arity: 4,
  complexity: "O(1)",
  group: "hash",
  since: "2.0.0",
  summary: "Gives a field of a hash a value where it has none yet.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "insert"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string" },
    { name: "value", type: "string" },
  ],
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    call.keyspace.hashes.change(call, 1, setIfNew, HSET);
  },
});

function setIfNew({ args, reply }: Call, hash: FieldMap): number {
  const { bytes } = args;
  const isNew = !hash.find(bytes, args.start(2), args.length(2));
  if (isNew) {
    hash.set(bytes, args.start(2), args.length(2), bytes, args.start(3), args.length(3));
  }
  reply.integer(isNew ? 1 : 0);
  return isNew ? 1 : 0;
}
