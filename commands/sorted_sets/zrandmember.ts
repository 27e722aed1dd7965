/** ZRANDMEMBER key [count [WITHSCORES]] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { signedCountArgument } from "../arguments/count_argument.ts";
import { asPair, MEMBER } from "../members/member_reply.ts";
import { checkPairCount, replyRandom } from "../members/random_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { MEMBER_AND_SCORE, readMembers } from "./members.ts";

const MEMBER_SCORE_PAIR = asPair(MEMBER_AND_SCORE);

register({
  name: "zrandmember",
  arity: -2,
  complexity: "O(N) with N members answered",
  group: "sorted-set",
  since: "6.2.0",
  summary: "Answers members of a sorted set chosen at random.",
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    {
      name: "options",
      type: "block",
      optional: true,
      arguments: [
        { name: "count", type: "integer" },
        { name: "withscores", type: "pure-token", token: "WITHSCORES", optional: true },
      ],
    },
  ],
  run(call) {
    const { keyspace, reply } = call;
    const several = call.count > 2;
    const withScores = call.count > 3;
    const count = several ? signedCountArgument(call, 2) : 1;
    if (call.count > 4 || (withScores && !call.args.is(3, "WITHSCORES"))) throw SYNTAX_ERROR;
    if (withScores) checkPairCount(call, 2);
    const members = readMembers(call, 1);
    if (members === undefined) return several ? reply.array(0) : reply.nil();
    if (!several) {
      members.seekRandom(keyspace.randomInt);
      return MEMBER.write(reply, members);
    }
    if (withScores) replyRandom(call, keyspace.pinnedSortedSets, members, count, MEMBER_SCORE_PAIR);
    else replyRandom(call, keyspace.pinnedSortedSets, members, count, MEMBER);
  },
});
