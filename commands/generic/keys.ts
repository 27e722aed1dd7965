/**
 * KEYS pattern, and KEYS alone for all keys.
 *
 * The reply begins with its length, so the keys that match are gathered first, by reference, and
 * copied into the reply afterwards.
 */

import { RefList } from "../../structures/set/ref_list.ts";
import { register } from "../registry.ts";
import { patternArgument } from "../arguments/scan_options.ts";
import { keyMatches, replyKeys } from "./key_reply.ts";

const found = new RefList();

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
    found.clear();
    call.db.forEach((entry) => {
      if (pattern === undefined || keyMatches(call, pattern, entry)) found.push(entry);
    });
    replyKeys(call, found);
  },
});
