/**
 * SSCAN, HSCAN and ZSCAN: a collection, a few members at a time. One that is small is told at once; of
 * a table some buckets are visited, as SCAN does.
 */

import type { Call } from "../../server/execution/call.ts";
import type { GlobPattern } from "../../structures/bytes/glob.ts";
import { RefList } from "../../structures/set/ref_list.ts";
import { cursorArgument } from "../arguments/scan_cursor.ts";
import { ScanOptions } from "../arguments/scan_options.ts";
import type { ArgumentDeclaration } from "../declaration.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration, CommandGroup } from "../registry.ts";
import type { MemberForm, Members } from "./member_reply.ts";

const options = new ScanOptions(false);
const found = new RefList();

const NOVALUES: ArgumentDeclaration = {
  name: "novalues",
  type: "pure-token",
  token: "NOVALUES",
  since: "7.4.0",
  optional: true,
};

/** What differs between the commands that scan members. */
export interface MemberScanForm<View extends Members> {
  name: string;
  group: CommandGroup;
  summary: string;
  /** The members of the collection in an argument, undefined where there is no key. */
  read(this: void, call: Call, i: number): View | undefined;
  /** What is told of each member. */
  tells: MemberForm<View>;
  /** What is told with NOVALUES, where that is an option. */
  tellsWithoutValues?: MemberForm<View>;
}

/** The declaration of `xSCAN key cursor [MATCH pattern] [COUNT count]`, and for some `[NOVALUES]`. */
export function memberScanCommand<View extends Members>(
  { read, tells, tellsWithoutValues, ...declared }: MemberScanForm<View>,
): CommandDeclaration {
  return {
    ...declared,
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
      ...(tellsWithoutValues === undefined ? [] : [NOVALUES]),
    ],
    run: (call) => scanMembers(call, read, tells, tellsWithoutValues),
  };
}

function scanMembers<View extends Members>(
  call: Call,
  read: MemberScanForm<View>["read"],
  tells: MemberForm<View>,
  tellsWithoutValues: MemberForm<View> | undefined,
): void {
  const { reply } = call;
  let cursor = cursorArgument(call, 2);
  const view = read(call, 1);
  reply.array(2);
  if (view === undefined) {
    reply.bulk("0");
    return reply.array(0);
  }
  options.read(call, 3, tellsWithoutValues !== undefined);
  const form = options.noValues ? tellsWithoutValues! : tells;
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
