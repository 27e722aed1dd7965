/** ZRANDMEMBER key [count [WITHSCORES]] */

import { randomCommand } from "../members/random_command.ts";
import { register } from "../registry.ts";
import { MEMBER_AND_SCORE, readMembers } from "./members.ts";

register(randomCommand({
  name: "zrandmember",
  group: "sorted-set",
  summary: "Answers members of a sorted set chosen at random.",
  counted: "members",
  withWord: "WITHSCORES",
  pair: MEMBER_AND_SCORE,
  read: (call) => readMembers(call, 1),
  pins: ({ pinnedSortedSets }) => pinnedSortedSets,
}));
