/** ZRANGE and its kin: the elements of a range, which the name or the options say how to read. */

import type { Call } from "../../server/execution/call.ts";
import { oneOf } from "../arguments/one_of.ts";
import { key } from "../key_spec.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";
import { WithScores, writeElements } from "./elements_reply.ts";
import { type RangeBy, RangeQuery } from "./range_query.ts";

/** What differs between the commands that answer a range. */
export interface RangeForm extends
  Pick<
    CommandDeclaration,
    "name" | "since" | "summary" | "deprecatedSince" | "replacedBy" | "history"
  > {
  /** What the bounds are. */
  by: RangeBy;
  /** Whether the range is given from its upper end to its lower. */
  reverse?: boolean;
  /** Behind the key. */
  arguments: readonly ArgumentDeclaration[];
}

/** The argument that asks for scores. */
export const WITH_SCORES: ArgumentDeclaration = {
  name: "withscores",
  type: "pure-token",
  token: "WITHSCORES",
  optional: true,
};

/** The arguments that say what the bounds are, and in which direction they are given. */
export const RANGE_OPTIONS: readonly ArgumentDeclaration[] = [
  oneOf("sortby", ["BYSCORE", "BYLEX"], { optional: true }),
  { name: "rev", type: "pure-token", token: "REV", optional: true },
];

/** The argument that asks for a part of the range. */
export const LIMIT: ArgumentDeclaration = {
  name: "limit",
  type: "block",
  token: "LIMIT",
  optional: true,
  arguments: [
    { name: "offset", type: "integer" },
    { name: "count", type: "integer" },
  ],
};

/** The declaration of a command that answers the elements of a range. */
export function rangeCommand(form: RangeForm): CommandDeclaration {
  const { by, reverse, ...declared } = form;
  const query = new RangeQuery(by, reverse);
  return {
    ...declared,
    arity: -4,
    complexity: "O(log(N)+M), N being the number of elements and M that of elements returned",
    group: "sorted-set",
    flags: ["readonly"],
    keys: key(1, "RO", "access"),
    arguments: [{ name: "key", type: "key" }, ...form.arguments],
    run: (call) => replyRange(call, query),
  };
}

function replyRange(call: Call, query: RangeQuery): void {
  const { reply } = call;
  query.read(call, 2);
  const set = call.keyspace.sortedSets.read(call, 1);
  if (set === undefined) return reply.array(0);
  const count = query.seek(set);
  writeElements(reply, set, count, query.withScores ? WithScores.Pairs : WithScores.None);
}
