/** BZPOPMIN and BZPOPMAX: the same but for the end. */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { awaitKeys, editFirstPresent, writePresentKey } from "../arguments/first_present.ts";
import { deadlineInSeconds } from "../arguments/timeout.ts";
import { keyRange } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { seekEnd, type SortedSetPopForm, ZPOPMAX, ZPOPMIN } from "./zpop.ts";

/** The declaration of a command that takes one element out, of whichever sorted set has one. */
export function blockingSortedSetPopCommand(
  { name, summary, lowest }: SortedSetPopForm,
): CommandDeclaration {
  const pop = lowest ? popLowest : popHighest;
  const event = lowest ? ZPOPMIN : ZPOPMAX;
  return {
    name,
    summary,
    arity: -3,
    complexity: "O(log(N)), N being the number of elements",
    group: "sorted-set",
    since: "5.0.0",
    flags: ["write", "fast", "blocking"],
    keys: keyRange(1, -2, 1, "RW", "access", "delete"),
    history: [["6.0.0", "A timeout with a fraction."]],
    arguments: [
      { name: "key", type: "key", multiple: true },
      { name: "timeout", type: "double" },
    ],
    run(call) {
      const keys = call.count - 2;
      const deadlineMs = deadlineInSeconds(call, call.count - 1);
      if (editFirstPresent(call, call.keyspace.sortedSets, 1, keys, pop, event)) return;
      awaitKeys(call, 1, keys, Type.SortedSet, deadlineMs);
    },
  };
}

function popLowest(call: Call, set: SortedSet): number {
  return pop(call, set, true);
}

function popHighest(call: Call, set: SortedSet): number {
  return pop(call, set, false);
}

function pop(call: Call, set: SortedSet, lowest: boolean): number {
  const { reply } = call;
  seekEnd(set, lowest);
  reply.array(3);
  writePresentKey(call);
  reply.bulkView(set.member);
  reply.double(set.score);
  set.removeCurrent();
  return 1;
}
