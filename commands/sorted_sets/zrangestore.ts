/**
 * ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]
 *
 * Nobody knows how many elements a range by score or member has before it is walked, so as in Redis
 * the result of one is large from the first element on.
 */

import { event } from "../../server/keyspace/key_event.ts";
import type { Call } from "../../server/execution/call.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { LIMIT, RANGE_OPTIONS } from "./range_form.ts";
import { RangeBy, RangeQuery } from "./range_query.ts";

const query = new RangeQuery(RangeBy.Option, false, false);
const ZRANGESTORE = event("sortedSet", "zrangestore");

register({
  name: "zrangestore",
  arity: -5,
  complexity: "O(log(N)+M) with N elements of the source and M that are stored",
  group: "sorted-set",
  since: "6.2.0",
  summary: "Makes a sorted set of the elements of another in a range of ranks, scores or members.",
  flags: ["write", "denyoom"],
  keys: [key(1, "OW", "update"), key(2, "RO", "access")],
  arguments: [
    { name: "dst", type: "key" },
    { name: "src", type: "key" },
    { name: "min", type: "string" },
    { name: "max", type: "string" },
    ...RANGE_OPTIONS,
    LIMIT,
  ],
  run(call) {
    query.read(call, 3);
    source = call.keyspace.sortedSets.read(call, 2);
    call.keyspace.sortedSets.replace(call, 1, storeRange, ZRANGESTORE);
  },
});

/** Of the call under way. */
let source: SortedSet | undefined;

function storeRange({ reply }: Call, target: SortedSet): number {
  const set = source;
  source = undefined;
  const count = set === undefined ? 0 : query.seek(set);
  reply.integer(count);
  if (set === undefined || count === 0) return 0;
  const isByRank = query.isByRank;
  if (!isByRank) target.convert();
  target.prepare(count, set.member.length);
  for (let left = count; left > 0; left--) {
    const { member, score } = set;
    target.insert(score, member.bytes, member.start, member.length);
    if (left > 1) set.advance();
  }
  return 1;
}
