/** ZCOUNT and ZLEXCOUNT: how many elements a range has. */

import { key } from "../key_spec.ts";
import type { ArgumentType, CommandDeclaration } from "../registry.ts";
import { type RangeBy, RangeQuery } from "./range_query.ts";

/** What differs between the commands that count a range. */
export interface RangeCountForm {
  name: string;
  since: string;
  summary: string;
  /** What the bounds are. */
  by: RangeBy;
  bounds: ArgumentType;
}

/** The declaration of a command that counts the elements of a range. */
export function rangeCountCommand(form: RangeCountForm): CommandDeclaration {
  const { by, bounds, ...declared } = form;
  const query = new RangeQuery(by);
  return {
    ...declared,
    arity: 4,
    complexity: "O(log(N)), N being the number of elements",
    group: "sorted-set",
    flags: ["readonly", "fast"],
    keys: key(1, "RO", "access"),
    arguments: [
      { name: "key", type: "key" },
      { name: "min", type: bounds },
      { name: "max", type: bounds },
    ],
    run(call) {
      query.read(call, 2);
      const set = call.keyspace.sortedSets.read(call, 1);
      call.reply.integer(set === undefined ? 0 : query.count(set));
    },
  };
}
