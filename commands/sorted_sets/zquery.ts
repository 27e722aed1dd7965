/**
 * ZQUERY key score name offset limit
 *
 * Pages through a sorted set by position, whatever the scores are: seek the first element at or
 * above (score, name), jump `offset` ranks from there, take `limit` elements.
 *
 * ```
 *   ZQUERY board 2 "" 1 2        a 1   b 2   c 2   d 3   e 9
 *                                      │seek  └─offset 1
 *                                             [c 2   d 3]  limit 2
 * ```
 *
 * Where no element is at or above the pair there is nothing to jump from, and the reply is empty.
 * It is flat, `[name, score, …]`, in every protocol.
 */

import type { Call } from "../../server/execution/call.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { WithScores, writeElements } from "./elements_reply.ts";
import { scoreArgument } from "./score.ts";

register({
  name: "zquery",
  arity: 6,
  complexity: "O(log(N)+M), N being the number of elements and M that of elements returned",
  group: "sorted-set",
  since: "0.1.0",
  summary: "Answers elements of a sorted set from a number of ranks beside a score and member on.",
  differs: "Redis has no such command.",
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "score", type: "double" },
    { name: "name", type: "string" },
    { name: "offset", type: "integer" },
    { name: "limit", type: "integer" },
  ],
  run(call) {
    const score = scoreArgument(call.args, 2);
    const offset = call.integer(4);
    const limit = call.integer(5);
    const set = call.keyspace.sortedSets.read(call, 1);
    if (set === undefined) call.reply.nil();
    else query(call, set, score, offset, limit);
  },
});

function query(call: Call, set: SortedSet, score: number, offset: number, limit: number): void {
  const { args, reply } = call;
  const found = limit > 0 && set.seekPair(score, args.bytes, args.start(3), args.length(3)) &&
    set.skip(offset);
  const count = found ? Math.min(limit, set.count - set.rank()) : 0;
  writeElements(reply, set, count, WithScores.Flat);
}
