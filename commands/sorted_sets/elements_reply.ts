/** Elements of a sorted set in replies: members, or members and scores. */

import type { Reply } from "../../protocol/reply.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";

/** How scores go with members in a reply. */
export const WithScores = {
  None: 0,
  /** In one array: member, score, member, score. */
  Flat: 1,
  /** In pairs where the protocol has them, else flat. */
  Pairs: 2,
  /** In pairs in every protocol. */
  Nested: 3,
} as const;
export type WithScores = typeof WithScores[keyof typeof WithScores];

/** Writes `count` elements, from the one under the set's cursor on, as an array. O(count). */
export function writeElements(
  reply: Reply,
  set: SortedSet,
  count: number,
  withScores: WithScores,
): void {
  if (withScores === WithScores.Pairs) reply.pairs(count);
  else reply.array(withScores === WithScores.Flat ? count * 2 : count);
  let loaded = 0;
  for (let left = count; left > 0; left--) {
    if (loaded === 0) loaded = set.preload(left);
    loaded--;
    if (withScores === WithScores.Pairs) reply.pair();
    else if (withScores === WithScores.Nested) reply.array(2);
    reply.bulkView(set.member);
    if (withScores !== WithScores.None) reply.double(set.score);
    if (left > 1) set.advance();
  }
}
