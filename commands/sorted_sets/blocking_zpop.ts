/** BZPOPMIN and BZPOPMAX: the same but for the end. */

import type { Call } from "../../server/execution/call.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { writePresentKey } from "../arguments/first_present.ts";
import { waitingPopCommand } from "../arguments/waiting_pop.ts";
import type { CommandDeclaration } from "../registry.ts";
import { seekEnd, SORTED_SETS, type SortedSetPopForm, ZPOPMAX, ZPOPMIN } from "./zpop.ts";

/** The declaration of a command that takes one element out, of whichever sorted set has one. */
export function blockingSortedSetPopCommand(
  { name, summary, lowest }: SortedSetPopForm,
): CommandDeclaration {
  return waitingPopCommand({
    name,
    summary,
    complexity: "O(log(N)), N being the number of elements",
    group: "sorted-set",
    since: "5.0.0",
    flags: ["write", "fast", "blocking"],
    from: SORTED_SETS,
    pop: lowest ? popLowest : popHighest,
    event: lowest ? ZPOPMIN : ZPOPMAX,
  });
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
