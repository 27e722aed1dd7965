/** HKEYS, HVALS and HGETALL: something of every field of a hash. */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { type MemberForm, writeAll } from "../members/member_reply.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

/** What their declarations have in common. */
export const LISTING_SYNTAX = {
  arity: 2,
  complexity: "O(N) with N fields",
  group: "hash",
  since: "2.0.0",
  flags: ["readonly"],
  tips: ["nondeterministic_output_order"],
  keys: key(1, "RO", "access"),
  arguments: [{ name: "key", type: "key" }],
} as const satisfies Partial<CommandDeclaration>;

/** Replies with an array, or with a map where the form has both field and value. O(n). */
export function listFields(call: Call, form: MemberForm<FieldMap>): void {
  const { reply } = call;
  const entry = call.db.readOf(call.key(1), Type.Hash);
  const hash = entry === NONE ? undefined : call.keyspace.hashes.open(entry);
  const count = hash === undefined ? 0 : hash.count;
  if (form.elements === 2) reply.map(count);
  else reply.array(count);
  if (hash !== undefined) writeAll(reply, hash, form);
}
