/**
 * ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]
 *
 * With REV a range by score or member is given from its upper end to its lower.
 */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { WithScores, writeElements } from "./elements_reply.ts";
import { RangeQuery } from "./range_query.ts";

const query = new RangeQuery();

register({
  name: "zrange",
  arity: -4,
  complexity: "O(log(N)+M), N being the number of elements and M that of elements returned",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Answers the elements of a sorted set in a range of ranks, scores or members.",
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  history: [["6.2.0", "REV, BYSCORE, BYLEX and LIMIT."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "start", type: "string" },
    { name: "stop", type: "string" },
    {
      name: "sortby",
      type: "oneof",
      optional: true,
      since: "6.2.0",
      arguments: [
        { name: "byscore", type: "pure-token", token: "BYSCORE" },
        { name: "bylex", type: "pure-token", token: "BYLEX" },
      ],
    },
    { name: "rev", type: "pure-token", token: "REV", optional: true, since: "6.2.0" },
    {
      name: "limit",
      type: "block",
      token: "LIMIT",
      optional: true,
      since: "6.2.0",
      arguments: [
        { name: "offset", type: "integer" },
        { name: "count", type: "integer" },
      ],
    },
    { name: "withscores", type: "pure-token", token: "WITHSCORES", optional: true },
  ],
  run(call) {
    const { reply } = call;
    query.read(call, 2);
    const set = call.keyspace.sortedSets.read(call, 1);
    if (set === undefined) return reply.array(0);
    const count = query.seek(set);
    writeElements(reply, set, count, query.withScores ? WithScores.Pairs : WithScores.None);
  },
});
