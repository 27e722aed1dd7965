/** SMOVE source destination member */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NEW } from "../../server/keyspace/key_event.ts";
import { WRONG_TYPE } from "../../server/keyspace/refusals.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { MemberSet } from "../../structures/set/member_set.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SADD, SREM } from "./events.ts";

register({
  name: "smove",
  arity: 4,
  complexity: "O(1)",
  group: "set",
  since: "1.0.0",
  summary: "Moves a member from one set to another.",
  flags: ["write", "fast"],
  keys: [
    key(1, "RW", "access", "delete"),
    key(2, "RW", "insert"),
  ],
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
    { name: "member", type: "string" },
  ],
  members: { first: 3, last: 3, step: 1 },
  run(call) {
    const { args, db, keyspace: { changes, entries, sets }, reply } = call;
    // Both count as used, whatever comes of it.
    const source = db.change(call.key(1));
    const destination = db.change(call.key(2));
    if (source === NONE) return reply.integer(0);
    if (entries.type(source) !== Type.Set) throw WRONG_TYPE;
    if (destination !== NONE && entries.type(destination) !== Type.Set) throw WRONG_TYPE;
    if (!sets.open(source).find(args.bytes, args.start(3), args.length(3))) return reply.integer(0);
    if (source !== destination) {
      // Added first: where memory is full, the member stays where it was. Told last, as by Redis.
      const added = sets.change(call, 2, addMember, undefined);
      sets.changePresent(call, 1, removeMember, SREM);
      if (destination === NONE) changes.happened(db.index, call.key(2), NEW);
      if (added !== 0) changes.happened(db.index, call.key(2), SADD);
    }
    reply.integer(1);
  },
});

function addMember({ args }: Call, set: MemberSet): number {
  const { bytes } = args;
  set.prepare(1, bytes, args.start(3), args.length(3));
  return set.add(bytes, args.start(3), args.length(3)) ? 1 : 0;
}

function removeMember({ args }: Call, set: MemberSet): number {
  return set.remove(args.bytes, args.start(3), args.length(3)) ? 1 : 0;
}
