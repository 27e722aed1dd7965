/** HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES] */

import { MEMBER } from "../members/member_reply.ts";
import { memberScanCommand } from "../members/member_scan.ts";
import { register } from "../registry.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { FIELD_AND_VALUE } from "./field_reply.ts";

register(memberScanCommand<FieldMap>({
  name: "hscan",
  group: "hash",
  summary: "Lists the fields of a hash with their values a few at a time.",
  read: (call, i) => call.keyspace.hashes.read(call, i),
  tells: FIELD_AND_VALUE,
  tellsWithoutValues: MEMBER,
}));
