/** HGETDEL key FIELDS numfields field [field …] */

import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { HDEL } from "./events.ts";
import { FIELDS, firstField } from "./field_arguments.ts";
import { tellNils, VALUE } from "./field_reply.ts";

/** Of the call under way. */
let first = 0;

register({
  name: "hgetdel",
  arity: -5,
  complexity: "O(N) with N fields named",
  group: "hash",
  since: "8.0.0",
  summary: "Answers the values of fields of a hash, and removes them.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "access", "delete"),
  arguments: [{ name: "key", type: "key" }, FIELDS],
  members: { first: 4, step: 1 },
  run(call) {
    const { hashes } = call.keyspace;
    hashes.refuseOtherTypes(call, 1);
    first = firstField(call, 2);
    if (hashes.changePresent(call, 1, take, HDEL) === MISSING) tellNils(call, first);
  },
});

function take({ args, count, reply }: Call, hash: FieldMap): number {
  reply.array(count - first);
  let taken = 0;
  for (let i = first; i < count; i++) {
    if (hash.find(args.bytes, args.start(i), args.length(i))) {
      VALUE.write(reply, hash);
      hash.removeCurrent();
      taken++;
    } else reply.nil();
  }
  return taken;
}
