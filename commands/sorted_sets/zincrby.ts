/** ZINCRBY key increment member */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { applyScores, INCR, readScores, ZINCR } from "./score_change.ts";
import { optionAt } from "./score_options.ts";

register({
  name: "zincrby",
  arity: 4,
  complexity: "O(log(N)), N being the number of elements",
  group: "sorted-set",
  since: "1.2.0",
  summary:
    "Adds to the score of a member of a sorted set, which is new with that score if need be.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "increment", type: "integer" },
    { name: "member", type: "string" },
  ],
  members: { first: 3, last: 3, step: 1 },
  run(call) {
    // Behind an option there is no pair left.
    if (optionAt(call.args, 2) !== 0) throw SYNTAX_ERROR;
    readScores(call, INCR, 2);
    call.keyspace.sortedSets.change(call, 1, applyScores, ZINCR);
  },
});
