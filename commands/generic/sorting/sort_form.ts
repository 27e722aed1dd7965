/** SORT and SORT_RO: the same but for STORE. */

import { keyFlagBits, type KeySearch } from "../../../server/execution/key_spec.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { ArgumentDeclaration } from "../../declaration.ts";
import { key, unknownKeys, withNotes } from "../../key_spec.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { sort } from "./sort.ts";

/** What differs between the commands that sort. */
export interface SortForm {
  name: string;
  since: string;
  summary: string;
  /** Whether the result may be stored. */
  stores: boolean;
}

const READ = keyFlagBits(["RO", "access"]);
const STORED = keyFlagBits(["OW", "update"]);

const SORTED_ARGUMENTS: readonly ArgumentDeclaration[] = [
  { name: "key", type: "key" },
  {
    name: "by-pattern",
    type: "pattern",
    token: "BY",
    displayText: "pattern",
    keySpec: 1,
    optional: true,
  },
  {
    name: "limit",
    type: "block",
    token: "LIMIT",
    optional: true,
    arguments: [{ name: "offset", type: "integer" }, { name: "count", type: "integer" }],
  },
  {
    name: "get-pattern",
    type: "pattern",
    token: "GET",
    displayText: "pattern",
    keySpec: 1,
    optional: true,
    multiple: true,
    multipleToken: true,
  },
  oneOf("order", ["ASC", "DESC"], { optional: true }),
  { name: "sorting", type: "pure-token", token: "ALPHA", optional: true },
];
const DESTINATION: ArgumentDeclaration = {
  name: "destination",
  type: "key",
  token: "STORE",
  keySpec: 2,
  optional: true,
};

const SORTED = key(1, "RO", "access");
const PATTERN_KEYS = withNotes(
  unknownKeys("RO", "access"),
  "Those of BY and GET, which follow from the elements.",
);
const DESTINATION_KEY = withNotes(
  unknownKeys("OW", "update"),
  "That of STORE, which may stand anywhere among the options.",
);

/** Finds the key that is sorted, and that of the last STORE. */
const searchWithStore: KeySearch = (args, found) => {
  let destination = 0;
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, "LIMIT")) i += 2;
    else if (args.is(i, "GET") || args.is(i, "BY")) i++;
    // Its key may be an option's word: then it is looked at as that, too, as in Redis.
    else if (args.is(i, "STORE") && i + 1 < args.count) destination = i + 1;
  }
  found.add(1, 1, 1, READ);
  if (destination > 0) found.add(destination, destination, 1, STORED);
};

const search: KeySearch = (_, found) => found.add(1, 1, 1, READ);

/** The declaration of a command that sorts. */
export function sortCommand({ name, since, stores, summary }: SortForm): CommandDeclaration {
  return {
    name,
    since,
    summary,
    arity: -2,
    complexity:
      "O(N + M * log(M)), N being the number of elements and M of those returned; O(N) unsorted",
    group: "generic",
    flags: stores ? ["write", "denyoom"] : ["readonly"],
    categories: ["set", "sortedset", "list", "dangerous"],
    keys: stores ? [SORTED, PATTERN_KEYS, DESTINATION_KEY] : [SORTED, PATTERN_KEYS],
    keySearch: stores ? searchWithStore : search,
    arguments: stores ? [...SORTED_ARGUMENTS, DESTINATION] : SORTED_ARGUMENTS,
    run: (call) => sort(call, stores),
  };
}
