/** SADD key member [member …] */

import type { Call } from "../../server/execution/call.ts";
import type { MemberSet } from "../../structures/set/member_set.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SADD } from "./events.ts";

register({
  name: "sadd",
  arity: -3,
  complexity: "O(1) for each member",
  group: "set",
  since: "1.0.0",
  summary: "Adds members to a set, and makes the set where there is none.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "insert"),
  history: [["2.4.0", "More than one member."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string", multiple: true },
  ],
  members: { first: 2, step: 1 },
  run(call) {
    call.keyspace.sets.change(call, 1, addMembers, SADD);
  },
});

function addMembers({ args, count, reply }: Call, set: MemberSet): number {
  set.prepare(count - 2, args.bytes, args.start(2), args.length(2));
  let added = 0;
  for (let i = 2; i < count; i++) {
    if (set.add(args.bytes, args.start(i), args.length(i))) added++;
  }
  reply.integer(added);
  return added;
}
