/** ZSCAN key cursor [MATCH pattern] [COUNT count] */

import { memberScanCommand } from "../members/member_scan.ts";
import { register } from "../registry.ts";
import { MEMBER_AND_SCORE_TEXT, readMembers } from "./members.ts";

register(memberScanCommand({
  name: "zscan",
  group: "sorted-set",
  summary: "Lists the members of a sorted set with their scores a few at a time.",
  read: readMembers,
  tells: MEMBER_AND_SCORE_TEXT,
}));
