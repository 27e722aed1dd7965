/** BLPOP and BRPOP: the same but for the end. */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { List } from "../../structures/list/list.ts";
import { awaitKeys, editFirstPresent, writePresentKey } from "../arguments/first_present.ts";
import { deadlineInSeconds } from "../arguments/timeout.ts";
import { keyRange } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { LPOP, RPOP } from "./events.ts";

/** What differs between the commands that pop, or wait. */
export interface BlockingPopForm {
  name: string;
  summary: string;
  atHead: boolean;
}

/** The declaration of a command that takes one element out at an end, of whichever list has one. */
export function blockingPopCommand({ name, summary, atHead }: BlockingPopForm): CommandDeclaration {
  const pop = atHead ? popFirst : popLast;
  const event = atHead ? LPOP : RPOP;
  return {
    name,
    summary,
    arity: -3,
    complexity: "O(N) where N is the number of keys",
    group: "list",
    since: "2.0.0",
    flags: ["write", "blocking"],
    keys: keyRange(1, -2, 1, "RW", "access", "delete"),
    history: [["6.0.0", "A timeout with a fraction."]],
    arguments: [
      { name: "key", type: "key", multiple: true },
      { name: "timeout", type: "double" },
    ],
    run(call) {
      const keys = call.count - 2;
      const deadlineMs = deadlineInSeconds(call, call.count - 1);
      if (editFirstPresent(call, call.keyspace.lists, 1, keys, pop, event)) return;
      awaitKeys(call, 1, keys, Type.List, deadlineMs);
    },
  };
}

function popFirst(call: Call, list: List): number {
  list.seekFirst();
  writeElement(call, list);
  list.removeFirst();
  return 1;
}

function popLast(call: Call, list: List): number {
  list.seekLast();
  writeElement(call, list);
  list.removeLast();
  return 1;
}

function writeElement(call: Call, list: List): void {
  call.reply.array(2);
  writePresentKey(call);
  call.reply.bulkView(list.element);
}
