/** SSCAN key cursor [MATCH pattern] [COUNT count] */

import { Type } from "../../server/keyspace/entry.ts";
import { MEMBER } from "../members/member_reply.ts";
import { SCAN_SYNTAX, scanMembers } from "../members/member_scan.ts";
import { register } from "../registry.ts";

register({
  ...SCAN_SYNTAX,
  name: "sscan",
  group: "set",
  summary: "Lists the members of a set a few at a time.",
  run: (call) => scanMembers(call, Type.Set, call.keyspace.sets, MEMBER),
});
