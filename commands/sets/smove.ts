/** SMOVE source destination member */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { WRONG_TYPE } from "../../server/keyspace/refusals.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { MemberSet } from "../../structures/set/member_set.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

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
  run(call) {
    const { args, db, keyspace: { entries, sets }, reply } = call;
    // Both count as used, whatever comes of it.
    const destination = db.change(call.key(2));
    const source = db.changeOf(call.key(1), Type.Set);
    if (source === NONE) return reply.integer(0);
    if (destination !== NONE && entries.type(destination) !== Type.Set) throw WRONG_TYPE;
    if (!sets.open(source).find(args.bytes, args.start(3), args.length(3))) return reply.integer(0);
    if (source !== destination) {
      // Added first: where memory is full, the member stays where it was.
      sets.change(call, 2, addMember);
      sets.changePresent(call, 1, removeMember);
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
