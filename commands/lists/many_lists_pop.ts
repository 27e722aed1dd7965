/** LMPOP and BLMPOP: the same but for the wait. */

import type { Call } from "../../server/execution/call.ts";
import type { List } from "../../structures/list/list.ts";
import { writePresentKey } from "../arguments/first_present.ts";
import { ManyKeysPop } from "../arguments/many_keys_pop.ts";
import { manyKeysPopCommand } from "../arguments/waiting_pop.ts";
import type { CommandDeclaration } from "../registry.ts";
import { LPOP, RPOP } from "./events.ts";
import { endArgument, LIST_ENDS } from "./list_end.ts";
import { LISTS, popRun } from "./pop.ts";

const wanted = new ManyKeysPop(LIST_ENDS);

/** What differs between the commands that pop from many lists. */
export interface ManyListsPopForm {
  name: string;
  summary: string;
  /** Whether it waits where all lists are empty, as long as its first argument says. */
  blocks: boolean;
}

/** The declaration of a command that takes elements out of the first list that has some. */
export function manyListsPopCommand(form: ManyListsPopForm): CommandDeclaration {
  return manyKeysPopCommand({
    ...form,
    complexity: "O(N+M), N being the number of keys and M that of elements taken",
    group: "list",
    wanted,
    where: endArgument("where"),
    from: LISTS,
    pop: popFromKey,
    events: [LPOP, RPOP],
  });
}

function popFromKey(call: Call, list: List): number {
  call.reply.array(2);
  writePresentKey(call);
  return popRun(call, list, wanted.count, wanted.isFirstEnd);
}
