/** BLPOP and BRPOP: the same but for the end. */

import type { Call } from "../../server/execution/call.ts";
import type { List } from "../../structures/list/list.ts";
import { writePresentKey } from "../arguments/first_present.ts";
import { waitingPopCommand } from "../arguments/waiting_pop.ts";
import type { CommandDeclaration } from "../registry.ts";
import { LPOP, RPOP } from "./events.ts";
import { LISTS } from "./pop.ts";

/** What differs between the commands that pop, or wait. */
export interface BlockingPopForm {
  name: string;
  summary: string;
  atHead: boolean;
}

/** The declaration of a command that takes one element out at an end, of whichever list has one. */
export function blockingPopCommand({ name, summary, atHead }: BlockingPopForm): CommandDeclaration {
  return waitingPopCommand({
    name,
    summary,
    complexity: "O(N) where N is the number of keys",
    group: "list",
    since: "2.0.0",
    flags: ["write", "blocking"],
    from: LISTS,
    pop: atHead ? popFirst : popLast,
    event: atHead ? LPOP : RPOP,
  });
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
