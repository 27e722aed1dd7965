/** ZMPOP and BZMPOP: the same but for the wait. */

import type { Call } from "../../server/execution/call.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { writePresentKey } from "../arguments/first_present.ts";
import { ManyKeysPop } from "../arguments/many_keys_pop.ts";
import { oneOf } from "../arguments/one_of.ts";
import { manyKeysPopCommand } from "../arguments/waiting_pop.ts";
import type { CommandDeclaration } from "../registry.ts";
import { WithScores } from "./elements_reply.ts";
import { popElements, SORTED_SETS, ZPOPMAX, ZPOPMIN } from "./zpop.ts";

const wanted = new ManyKeysPop(["MIN", "MAX"]);

/** What differs between the commands that pop from many sorted sets. */
export interface ManySetsPopForm {
  name: string;
  summary: string;
  /** Whether it waits where all sets are empty, as long as its first argument says. */
  blocks: boolean;
}

/** The declaration of a command that takes elements out of the first sorted set that has some. */
export function manySetsPopCommand(form: ManySetsPopForm): CommandDeclaration {
  return manyKeysPopCommand({
    ...form,
    complexity:
      "O(K) + O(M*log(N)), K being the number of keys, N that of elements and M that of elements popped",
    group: "sorted-set",
    wanted,
    where: oneOf("where", ["MIN", "MAX"]),
    from: SORTED_SETS,
    pop: popFromKey,
    events: [ZPOPMIN, ZPOPMAX],
  });
}

function popFromKey(call: Call, set: SortedSet): number {
  call.reply.array(2);
  writePresentKey(call);
  return popElements(call, set, wanted.count, wanted.isFirstEnd, WithScores.Nested);
}
