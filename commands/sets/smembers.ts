/** SMEMBERS key */

import { MEMBER } from "../members/member_reply.ts";
import { replyWalk } from "../members/random_pieces.ts";
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
    const { keyspace: { pinnedSets, sets }, reply } = call;
    const set = sets.read(call, 1);
    if (set === undefined) return reply.set(0);
    reply.set(set.count);
    replyWalk(call, pinnedSets, set, MEMBER);
  },
});
