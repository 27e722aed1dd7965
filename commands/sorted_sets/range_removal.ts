/** ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX: the elements of a range go. */

import type { Call } from "../../server/execution/call.ts";
import { EMPTIED, MISSING } from "../../server/keyspace/collections.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { key } from "../key_spec.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";
import { type RangeBy, RangeQuery } from "./range_query.ts";

/** What differs between the commands that remove a range. */
export interface RangeRemovalForm {
  name: string;
  since: string;
  summary: string;
  /** What the bounds are. */
  by: RangeBy;
  bounds: readonly [ArgumentDeclaration, ArgumentDeclaration];
}

/** The declaration of a command that removes the elements of a range. */
export function rangeRemovalCommand(form: RangeRemovalForm): CommandDeclaration {
  const { by, bounds, ...declared } = form;
  const query = new RangeQuery(by);
  const removed = event("sortedSet", form.name);
  const edit = (call: Call, set: SortedSet) => removeRange(call, set, query);
  return {
    ...declared,
    arity: 4,
    complexity: "O(log(N)+M), N being the number of elements and M that of elements removed",
    group: "sorted-set",
    flags: ["write"],
    keys: key(1, "RW", "delete"),
    arguments: [{ name: "key", type: "key" }, ...bounds],
    run(call) {
      query.read(call, 2);
      if (call.keyspace.sortedSets.changePresent(call, 1, edit, removed) === MISSING) {
        call.reply.integer(0);
      }
    },
  };
}

function removeRange(call: Call, set: SortedSet, query: RangeQuery): number {
  const count = query.seek(set);
  call.reply.integer(count);
  if (count === set.count) return EMPTIED;
  if (count > 0) set.removeRun(count);
  return count;
}
