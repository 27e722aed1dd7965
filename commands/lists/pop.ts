/**
 * LPOP and RPOP: the same but for the end.
 *
 * Elements are written to the reply before they are removed, for they are read where they stand.
 */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { EMPTIED, MISSING } from "../../server/keyspace/collections.ts";
import type { List } from "../../structures/list/list.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { key } from "../key_spec.ts";
import type { PoppedFrom } from "../arguments/waiting_pop.ts";
import type { CommandDeclaration } from "../registry.ts";
import { writeListElements } from "./elements_reply.ts";
import { LPOP, RPOP } from "./events.ts";

/** What is popped from. */
export const LISTS: PoppedFrom<List> = {
  type: Type.List,
  of: ({ keyspace }) => keyspace.lists,
};

/** What differs between the commands that pop. */
export interface PopForm {
  name: string;
  summary: string;
  atHead: boolean;
}

/** The declaration of a command that takes elements out at one end. */
export function popCommand({ name, summary, atHead }: PopForm): CommandDeclaration {
  return {
    name,
    summary,
    arity: -2,
    complexity: "O(N) with N elements taken",
    group: "list",
    since: "1.0.0",
    flags: ["write", "fast"],
    keys: key(1, "RW", "access", "delete"),
    history: [["6.2.0", "The count."]],
    arguments: [
      { name: "key", type: "key" },
      { name: "count", type: "integer", optional: true, since: "6.2.0" },
    ],
    run(call) {
      const { keyspace: { lists }, reply } = call;
      const event = atHead ? LPOP : RPOP;
      if (call.count === 2) {
        const edit = atHead ? popFirst : popLast;
        if (lists.changePresent(call, 1, edit, event) === MISSING) reply.nil();
        return;
      }
      if (call.count > 3) throw call.wrongArity();
      countArgument(call, 2);
      const edit = atHead ? popFirstRun : popLastRun;
      if (lists.changePresent(call, 1, edit, event) === MISSING) reply.nilArray();
    },
  };
}

function popFirst({ reply }: Call, list: List): number {
  list.seekFirst();
  reply.bulkView(list.element);
  list.removeFirst();
  return 1;
}

function popLast({ reply }: Call, list: List): number {
  list.seekLast();
  reply.bulkView(list.element);
  list.removeLast();
  return 1;
}

function popFirstRun(call: Call, list: List): number {
  return popRun(call, list, countArgument(call, 2), true);
}

function popLastRun(call: Call, list: List): number {
  return popRun(call, list, countArgument(call, 2), false);
}

/** Takes up to `most` elements out at an end and writes them as an array. O(those). */
export function popRun({ reply }: Call, list: List, most: number, atHead: boolean): number {
  const { count } = list;
  const taken = Math.min(most, count);
  if (atHead) list.seekFirst();
  else list.seekLast();
  writeListElements(reply, list, taken, !atHead);
  if (taken === count) return EMPTIED;
  list.removeRange(atHead ? 0 : count - taken, taken);
  return taken;
}
