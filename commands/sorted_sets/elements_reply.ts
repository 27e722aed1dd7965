/**
 * Elements of a sorted set in replies: members, or members and scores, as one flat array. RESP3 has
 * a pair for each element where a command answers with scores:
 *
 * ```
 *   RESP2, native  [member, score, member, score]
 *   RESP3          [[member, score], [member, score]]
 * ```
 */

import type { Reply } from "../../protocol/reply.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";

/** How scores go with members in a reply. */
export const WithScores = { None: 0, Flat: 1, Pairs: 2 } as const;
export type WithScores = typeof WithScores[keyof typeof WithScores];

/** How a command that pairs members and scores where the protocol does answers `reply`. */
export function scoresFor(reply: Reply): WithScores {
  return reply.protocol === 3 ? WithScores.Pairs : WithScores.Flat;
}

/** Writes `count` elements, from the one under the set's cursor on, as an array. O(count). */
export function writeElements(
  reply: Reply,
  set: SortedSet,
  count: number,
  withScores: WithScores,
): void {
  const { member } = set;
  reply.array(withScores === WithScores.Flat ? count * 2 : count);
  let loaded = 0;
  for (let left = count; left > 0; left--) {
    if (loaded === 0) loaded = set.preload(left);
    loaded--;
    if (withScores === WithScores.Pairs) reply.array(2);
    reply.bulkBytes(member.bytes, member.start, member.length);
    if (withScores !== WithScores.None) reply.double(set.score);
    if (left > 1) set.advance();
  }
}
