/**
 * ZPOPMIN key [count]
 *
 * Without a count the reply is flat in every protocol: there is only one pair.
 */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { EMPTIED, MISSING } from "../../server/keyspace/collections.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { WithScores, writeElements } from "./elements_reply.ts";
const ZPOPMIN = event("sortedSet", "zpopmin");

register({
  name: "zpopmin",
  arity: -2,
  complexity: "O(log(N)*M), N being the number of elements and M that of elements popped",
  group: "sorted-set",
  since: "5.0.0",
  summary: "Takes the elements with the lowest scores out of a sorted set and answers them.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "access", "delete"),
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer", optional: true },
  ],
  run(call) {
    if (call.count > 3) throw SYNTAX_ERROR;
    if (call.count === 3) countArgument(call, 2);
    if (call.keyspace.sortedSets.changePresent(call, 1, pop, ZPOPMIN) === MISSING) {
      call.reply.array(0);
    }
  },
});

function pop(call: Call, set: SortedSet): number {
  const most = call.count === 2 ? 1 : countArgument(call, 2);
  const count = Math.min(most, set.count);
  if (count > 0) set.seekFirst();
  writeElements(call.reply, set, count, call.count === 2 ? WithScores.Flat : WithScores.Pairs);
  if (count === set.count) return EMPTIED;
  if (count > 0) {
    set.seekFirst();
    set.removeRun(count);
  }
  return count;
}
