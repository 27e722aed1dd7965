/** HSCAN key cursor [MATCH pattern] [COUNT count] */

import { Type } from "../../server/keyspace/entry.ts";
import { SCAN_SYNTAX, scanMembers } from "../members/member_scan.ts";
import { register } from "../registry.ts";
import { FIELD_AND_VALUE } from "./field_reply.ts";

register({
  ...SCAN_SYNTAX,
  name: "hscan",
  group: "hash",
  summary: "Lists the fields of a hash with their values a few at a time.",
  run: (call) => scanMembers(call, Type.Hash, call.keyspace.hashes, FIELD_AND_VALUE),
});
