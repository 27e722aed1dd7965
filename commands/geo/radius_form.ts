/** GEORADIUS, GEORADIUSBYMEMBER and the forms of them that only read: circles around places. */

import { event } from "../../server/keyspace/key_event.ts";
import { key, keyAfter } from "../key_spec.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";
import { search } from "./search.ts";
import { COORDINATES, countArgument, DETAILS, ORDER } from "./search_arguments.ts";
import { AreaBy, SearchQuery, Storing } from "./search_query.ts";
import { UNIT } from "./units.ts";

/** What differs between these commands. */
export interface RadiusForm
  extends Pick<CommandDeclaration, "name" | "since" | "summary" | "replacedBy" | "history"> {
  /** Whether the center is a member, not a point. */
  byMember: boolean;
  /** Whether the result may be stored. */
  stores: boolean;
  /** The version that brought ANY, where COMMAND DOCS tells of it. */
  anySince?: string;
}

const GEORADIUSSTORE = event("sortedSet", "georadiusstore");

const STORE: ArgumentDeclaration = {
  name: "store",
  type: "oneof",
  optional: true,
  arguments: [
    { name: "storekey", displayText: "key", type: "key", token: "STORE" },
    { name: "storedistkey", displayText: "key", type: "key", token: "STOREDIST" },
  ],
};

/** The declaration of a command that searches a circle. */
export function radiusCommand(form: RadiusForm): CommandDeclaration {
  const { byMember, stores, anySince, ...declared } = form;
  const query = new SearchQuery(
    byMember ? AreaBy.Member : AreaBy.Point,
    stores ? Storing.Option : Storing.Never,
  );
  const optionsAt = byMember ? 5 : 6;
  const searched = key(1, "RO", "access");
  return {
    ...declared,
    arity: -optionsAt,
    complexity:
      "O(N+log(M)), N being the number of elements in the cells around the circle and M that of all",
    group: "geo",
    deprecatedSince: "6.2.0",
    flags: stores ? ["write", "denyoom"] : ["readonly"],
    keys: stores
      ? [
        searched,
        keyAfter("STORE", optionsAt, "OW", "update"),
        keyAfter("STOREDIST", optionsAt, "OW", "update"),
      ]
      : searched,
    arguments: [
      { name: "key", type: "key" },
      ...(byMember ? [{ name: "member", type: "string" } as const] : COORDINATES),
      { name: "radius", type: "double" },
      UNIT,
      ...DETAILS,
      countArgument(anySince),
      ORDER,
      ...(stores ? [STORE] : []),
    ],
    members: byMember ? { first: 2, last: 2, step: 1 } : undefined,
    run: (call) => search(call, query, 1, GEORADIUSSTORE),
  };
}
