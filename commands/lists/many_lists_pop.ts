/** LMPOP and BLMPOP: the same but for the wait. */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { List } from "../../structures/list/list.ts";
import {
  awaitKeys,
  editFirstPresent,
  writeNothing,
  writePresentKey,
} from "../arguments/first_present.ts";
import { ManyKeysPop } from "../arguments/many_keys_pop.ts";
import { deadlineInSeconds } from "../arguments/timeout.ts";
import { countedKeys } from "../key_spec.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";
import { LPOP, RPOP } from "./events.ts";
import { endArgument, LIST_ENDS } from "./list_end.ts";
import { popRun } from "./pop.ts";

const TIMEOUT: ArgumentDeclaration = { name: "timeout", type: "double" };

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
  const { name, summary, blocks } = form;
  const countAt = blocks ? 2 : 1;
  return {
    name,
    summary,
    arity: blocks ? -5 : -4,
    complexity: "O(N+M), N being the number of keys and M that of elements taken",
    group: "list",
    since: "7.0.0",
    flags: blocks ? ["write", "blocking"] : ["write"],
    keys: countedKeys(countAt, "RW", "access", "delete"),
    arguments: [
      ...(blocks ? [TIMEOUT] : []),
      { name: "numkeys", type: "integer" },
      { name: "key", type: "key", multiple: true },
      endArgument("where"),
      { name: "count", type: "integer", token: "COUNT", optional: true },
    ],
    run(call) {
      const { keyspace: { lists }, reply } = call;
      wanted.read(call, countAt);
      const { firstKey, keyCount } = wanted;
      const deadlineMs = blocks ? deadlineInSeconds(call, 1) : 0;
      const event = wanted.isFirstEnd ? LPOP : RPOP;
      if (editFirstPresent(call, lists, firstKey, keyCount, popFromKey, event)) return;
      if (blocks) awaitKeys(call, firstKey, keyCount, Type.List, deadlineMs);
      else writeNothing(reply);
    },
  };
}

function popFromKey(call: Call, list: List): number {
  call.reply.array(2);
  writePresentKey(call);
  return popRun(call, list, wanted.count, wanted.isFirstEnd);
}
