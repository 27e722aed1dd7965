/**
 * KEYS pattern, and KEYS alone for all keys.
 *
 * The reply begins with its length, so the keys that match are gathered first, by reference, and
 * written afterwards, in pieces where they are many.
 */

import { RefList } from "../../structures/set/ref_list.ts";
import { register } from "../registry.ts";
import { patternArgument } from "../arguments/scan_options.ts";
import { replyFoundKeys } from "./key_pieces.ts";
import { keyMatches } from "./key_reply.ts";

register({
  name: "keys",
  arity: -1,
  complexity: "O(N) with N keys in the database",
  group: "generic",
  since: "1.0.0",
  summary: "Lists the keys that match a pattern; without one, all keys.",
  differs: "The pattern may be left out.",
  flags: ["readonly"],
  categories: ["dangerous"],
  tips: ["request_policy:all_shards", "nondeterministic_output_order"],
  arguments: [{ name: "pattern", type: "pattern", optional: true }],
  run(call) {
    if (call.count > 2) throw call.wrongArity();
    const pattern = call.count === 1 ? undefined : patternArgument(call.args, 1);
    const found = new RefList();
    call.db.forEach((entry) => {
      if (pattern === undefined || keyMatches(call, pattern, entry)) found.push(entry);
    });
    replyFoundKeys(call, found);
  },
});
