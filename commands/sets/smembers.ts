/** SMEMBERS key */

import { MEMBER, writeAll } from "../members/member_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "smembers",
  arity: 2,
  complexity: "O(N) with N members",
  group: "set",
  since: "1.0.0",
  summary: "Lists all members of a set.",
  flags: ["readonly"],
  tips: ["nondeterministic_output_order"],
  keys: key(1, "RO", "access"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const { reply } = call;
    const set = call.keyspace.sets.read(call, 1);
    if (set === undefined) return reply.set(0);
    reply.set(set.count);
    writeAll(reply, set, MEMBER);
  },
});
