/** HPERSIST key FIELDS numfields field [field …] */

import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { NO_DEADLINE } from "../../structures/field_map/field_map_operations.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { HPERSIST } from "./events.ts";
import { tellMissing } from "./expire_form.ts";
import { FIELDS, firstField } from "./field_arguments.ts";

const NO_FIELD = -2;
const NO_EXPIRY = -1;
const PERSISTED = 1;

/** Of the call under way. */
let first = 0;

register({
  name: "hpersist",
  arity: -5,
  complexity: "O(N log M) with N fields named of M that expire",
  group: "hash",
  since: "7.4.0",
  summary: "Takes the expiries of fields of a hash away.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "update"),
  arguments: [{ name: "key", type: "key" }, FIELDS],
  members: { first: 4, step: 1 },
  run(call) {
    const { hashes } = call.keyspace;
    hashes.refuseOtherTypes(call, 1);
    first = firstField(call, 2);
    if (hashes.changePresent(call, 1, persist, HPERSIST) === MISSING) tellMissing(call, first);
  },
});

function persist({ args, count, reply }: Call, hash: FieldMap): number {
  reply.array(count - first);
  let hasChanged = false;
  for (let i = first; i < count; i++) {
    if (!hash.find(args.bytes, args.start(i), args.length(i))) reply.integer(NO_FIELD);
    else if (hash.deadlineMs === NO_DEADLINE) reply.integer(NO_EXPIRY);
    else {
      hash.setDeadline(NO_DEADLINE);
      hasChanged = true;
      reply.integer(PERSISTED);
    }
  }
  return hasChanged ? 1 : 0;
}
