/** HGETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST] FIELDS numfields field [field …] */

import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import type { KeyEvent } from "../../server/keyspace/key_event.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { NO_DEADLINE } from "../../structures/field_map/field_map_operations.ts";
import { expirationArgument, expiryOption } from "../arguments/expiry.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { key, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";
import { HDEL, HEXPIRE, HPERSIST } from "./events.ts";
import { deadlineArgument, FIELDS, firstField, isPast } from "./field_arguments.ts";
import { assignDeadline, prepareDeadlines } from "./field_deadlines.ts";
import { tellNils, VALUE } from "./field_reply.ts";

const options = new OptionCursor();

// Of the call under way.
let first = 0;
let deadlineMs = 0;
let event: KeyEvent = HEXPIRE;

register({
  name: "hgetex",
  arity: -5,
  complexity: "O(N log M) with N fields named of M that expire",
  group: "hash",
  since: "8.0.0",
  summary: "Answers the values of fields of a hash, and gives them another expiry, or none.",
  flags: ["write", "fast"],
  keys: withNotes(key(1, "RW", "access", "update"), "The expiry is what it updates."),
  arguments: [
    { name: "key", type: "key" },
    expirationArgument("PERSIST"),
    FIELDS,
  ],
  members: { first: 4, step: 1 },
  run(call) {
    const { db, keyspace: { hashes } } = call;
    hashes.refuseOtherTypes(call, 1);
    options.begin(call.args, 2);
    const persists = options.flag("PERSIST");
    const unit = persists ? 0 : expiryOption(options);
    if (unit !== 0) deadlineMs = deadlineArgument(call, options.valueAt, unit);
    else deadlineMs = NO_DEADLINE;
    first = firstField(call, options.at);
    let isMissing: boolean;
    if (unit !== 0) {
      db.reserveFieldExpiry();
      event = isPast(call, deadlineMs) ? HDEL : HEXPIRE;
      isMissing = hashes.changePresent(call, 1, tellAndExpire, event) === MISSING;
    } else {
      const edit = persists ? tellAndPersist : tell;
      isMissing = hashes.changePresent(call, 1, edit, HPERSIST) === MISSING;
    }
    if (isMissing) tellNils(call, first);
  },
});

function tell({ args, count, reply }: Call, hash: FieldMap): number {
  reply.array(count - first);
  for (let i = first; i < count; i++) {
    if (hash.find(args.bytes, args.start(i), args.length(i))) VALUE.write(reply, hash);
    else reply.nil();
  }
  return 0;
}

function tellAndPersist({ args, count, reply }: Call, hash: FieldMap): number {
  reply.array(count - first);
  let changes = 0;
  for (let i = first; i < count; i++) {
    if (hash.find(args.bytes, args.start(i), args.length(i))) {
      VALUE.write(reply, hash);
      if (hash.deadlineMs !== NO_DEADLINE) {
        hash.setDeadline(NO_DEADLINE);
        changes++;
      }
    } else reply.nil();
  }
  return changes;
}

function tellAndExpire(call: Call, hash: FieldMap): number {
  const { args, count, reply } = call;
  prepareDeadlines(call, hash, first, 1);
  reply.array(count - first);
  let changes = 0;
  for (let i = first; i < count; i++) {
    if (hash.find(args.bytes, args.start(i), args.length(i))) {
      VALUE.write(reply, hash);
      assignDeadline(call, hash, deadlineMs);
      changes++;
    } else reply.nil();
  }
  return changes;
}
