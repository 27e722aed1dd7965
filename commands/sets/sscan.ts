/** SSCAN key cursor [MATCH pattern] [COUNT count] */

import { MEMBER } from "../members/member_reply.ts";
import { memberScanCommand } from "../members/member_scan.ts";
import { register } from "../registry.ts";

register(memberScanCommand({
  name: "sscan",
  group: "set",
  summary: "Lists the members of a set a few at a time.",
  read: (call, i) => call.keyspace.sets.read(call, i),
  tells: MEMBER,
}));
