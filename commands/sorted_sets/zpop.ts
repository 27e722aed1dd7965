/**
 * ZPOPMIN and ZPOPMAX: the same but for the end.
 *
 * Without a count the reply is flat in every protocol: there is only one pair.
 */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { EMPTIED, MISSING } from "../../server/keyspace/collections.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { key } from "../key_spec.ts";
import type { PoppedFrom } from "../arguments/waiting_pop.ts";
import type { CommandDeclaration } from "../registry.ts";
import { WithScores, writeElements } from "./elements_reply.ts";

export const ZPOPMIN: KeyEvent = event("sortedSet", "zpopmin");
export const ZPOPMAX: KeyEvent = event("sortedSet", "zpopmax");

/** What is popped from. */
export const SORTED_SETS: PoppedFrom<SortedSet> = {
  type: Type.SortedSet,
  of: ({ keyspace }) => keyspace.sortedSets,
};

/** What differs between the commands that pop. */
export interface SortedSetPopForm {
  name: string;
  summary: string;
  lowest: boolean;
}

/** The declaration of a command that takes out elements with the lowest or the highest scores. */
export function sortedSetPopCommand(
  { name, summary, lowest }: SortedSetPopForm,
): CommandDeclaration {
  const pop = lowest ? popLowest : popHighest;
  return {
    name,
    summary,
    arity: -2,
    complexity: "O(log(N)*M), N being the number of elements and M that of elements popped",
    group: "sorted-set",
    since: "5.0.0",
    flags: ["write", "fast"],
    keys: key(1, "RW", "access", "delete"),
    arguments: [
      { name: "key", type: "key" },
      { name: "count", type: "integer", optional: true },
    ],
    run(call) {
      if (call.count > 3) throw SYNTAX_ERROR;
      if (call.count === 3) countArgument(call, 2);
      const event = lowest ? ZPOPMIN : ZPOPMAX;
      if (call.keyspace.sortedSets.changePresent(call, 1, pop, event) === MISSING) {
        call.reply.array(0);
      }
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
  if (call.count === 2) return popElements(call, set, 1, lowest, WithScores.Flat);
  return popElements(call, set, countArgument(call, 2), lowest, WithScores.Pairs);
}

/** Takes up to `most` elements out at an end, and writes them as an array. O(log n · those). */
export function popElements(
  { reply }: Call,
  set: SortedSet,
  most: number,
  lowest: boolean,
  withScores: WithScores,
): number {
  const count = Math.min(most, set.count);
  if (count > 0) seekEnd(set, lowest);
  writeElements(reply, set, count, withScores);
  if (count === set.count) return EMPTIED;
  if (count > 0) {
    set.seekRank(lowest ? 0 : set.count - count);
    set.removeRun(count);
  }
  return count;
}

/** Puts the cursor on the element with the lowest or the highest score. O(1). */
export function seekEnd(set: SortedSet, lowest: boolean): void {
  if (lowest) set.seekFirst();
  else set.seekLast();
}
