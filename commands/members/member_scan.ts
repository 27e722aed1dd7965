/**
 * SSCAN and HSCAN: a set or a hash, a few members at a time. One that is small is told at once; of a
 * table some buckets are visited, as SCAN does.
 */

import type { Call } from "../../server/execution/call.ts";
import type { Type } from "../../server/keyspace/entry.ts";
import type { Collections } from "../../server/keyspace/collections.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { RefList } from "../../structures/set/ref_list.ts";
import type { GlobPattern } from "../../structures/bytes/glob.ts";
import type { MemberForm, Members } from "./member_reply.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { cursorOf, ScanOptions } from "../arguments/scan.ts";

const options = new ScanOptions(false);
const found = new RefList();

/** What the declarations of SSCAN and HSCAN have in common. */
export const SCAN_SYNTAX = {
  arity: -3,
  complexity: "O(1) a call, O(N) for all calls until the cursor is 0 again, with N members",
  since: "2.8.0",
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "cursor", type: "integer" },
    { name: "pattern", type: "pattern", token: "MATCH", optional: true },
    { name: "count", type: "integer", token: "COUNT", optional: true },
  ],
} as const satisfies Partial<CommandDeclaration>;

/** Carries out `xSCAN key cursor [MATCH pattern] [COUNT count]`. */
export function scanMembers<View extends Members>(
  call: Call,
  type: Type,
  collections: Collections<View>,
  form: MemberForm<View>,
): void {
  const { reply } = call;
  let cursor = cursorOf(call, 2);
  const entry = call.db.readOf(call.key(1), type);
  reply.array(2);
  if (entry === NONE) {
    reply.bulk("0");
    return reply.array(0);
  }
  options.read(call, 3);
  const view = collections.open(entry);
  found.clear();
  let steps = options.maxSteps;
  do cursor = view.scan(cursor, found); while (
    cursor !== 0 && steps-- > 0 && found.count < options.count
  );
  if (options.pattern !== undefined) keepMatching(options.pattern, view);
  options.pattern = undefined;
  reply.bulk(String(cursor));
  reply.array(found.count * form.elements);
  for (let i = 0; i < found.count; i++) {
    view.seek(found.at(i));
    form.write(reply, view);
  }
}

/** Drops what does not match the pattern. */
function keepMatching(pattern: GlobPattern, view: Members): void {
  const { member } = view;
  let kept = 0;
  for (let j = 0; j < found.count; j++) {
    const position = found.at(j);
    view.seek(position);
    if (pattern.matches(member.bytes, member.start, member.length)) found.set(kept++, position);
  }
  found.truncate(kept);
}
