/** ZMPOP and BZMPOP: the same but for the wait. */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
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
import { WithScores } from "./elements_reply.ts";
import { popElements, ZPOPMAX, ZPOPMIN } from "./zpop.ts";

const TIMEOUT: ArgumentDeclaration = { name: "timeout", type: "double" };

const wanted = new ManyKeysPop(["MIN", "MAX"]);

/** What differs between the commands that pop from many sorted sets. */
export interface ManySetsPopForm {
  name: string;
  summary: string;
  /** Whether it waits where all sets are empty, as long as its first argument says. */
  blocks: boolean;
}

/** The declaration of a command that takes elements out of the first sorted set that has some. */
export function manySetsPopCommand({ name, summary, blocks }: ManySetsPopForm): CommandDeclaration {
  const countAt = blocks ? 2 : 1;
  return {
    name,
    summary,
    arity: blocks ? -5 : -4,
    complexity:
      "O(K) + O(M*log(N)), K being the number of keys, N that of elements and M that of elements popped",
    group: "sorted-set",
    since: "7.0.0",
    flags: blocks ? ["write", "blocking"] : ["write"],
    keys: countedKeys(countAt, "RW", "access", "delete"),
    arguments: [
      ...(blocks ? [TIMEOUT] : []),
      { name: "numkeys", type: "integer" },
      { name: "key", type: "key", multiple: true },
      {
        name: "where",
        type: "oneof",
        arguments: [
          { name: "min", type: "pure-token", token: "MIN" },
          { name: "max", type: "pure-token", token: "MAX" },
        ],
      },
      { name: "count", type: "integer", token: "COUNT", optional: true },
    ],
    run(call) {
      const { keyspace: { sortedSets }, reply } = call;
      wanted.read(call, countAt);
      const { firstKey, keyCount } = wanted;
      const deadlineMs = blocks ? deadlineInSeconds(call, 1) : 0;
      const event = wanted.isFirstEnd ? ZPOPMIN : ZPOPMAX;
      if (editFirstPresent(call, sortedSets, firstKey, keyCount, popFromKey, event)) return;
      if (blocks) awaitKeys(call, firstKey, keyCount, Type.SortedSet, deadlineMs);
      else writeNothing(reply);
    },
  };
}

function popFromKey(call: Call, set: SortedSet): number {
  call.reply.array(2);
  writePresentKey(call);
  return popElements(call, set, wanted.count, wanted.isFirstEnd, WithScores.Nested);
}
