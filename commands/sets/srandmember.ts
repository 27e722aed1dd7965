/** SRANDMEMBER key [count] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { signedCountArgument } from "../arguments/count_argument.ts";
import { MEMBER } from "../members/member_reply.ts";
import { replyRandom } from "../members/random_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "srandmember",
  arity: -2,
  complexity: "O(1), or O(N) with N members answered",
  group: "set",
  since: "1.0.0",
  summary: "Answers members of a set chosen at random.",
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: key(1, "RO", "access"),
  history: [["2.6.0", "The count."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer", optional: true, since: "2.6.0" },
  ],
  run(call) {
    const { keyspace, reply } = call;
    if (call.count > 3) throw SYNTAX_ERROR;
    const count = call.count === 3 ? signedCountArgument(call, 2) : 1;
    const set = keyspace.sets.read(call, 1);
    if (set === undefined) return call.count === 3 ? reply.array(0) : reply.nil();
    if (call.count === 3) {
      return replyRandom(call, keyspace.pinnedSets, set, count, MEMBER);
    }
    set.seekRandom(keyspace.randomInt);
    MEMBER.write(reply, set);
  },
});
