/**
 * The sources of set algebra, as a call names them: keys of sets, or of sets and sorted sets. What is
 * missing is an empty set.
 */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { WRONG_TYPE } from "../../server/keyspace/refusals.ts";
import type { MemberAlgebra } from "../../structures/algebra/member_algebra.ts";
import { NONE } from "../../structures/arena/arena.ts";

/**
 * Makes `count` keys from argument `first` on the sources. O(keys).
 *
 * @param withSorted whether sorted sets may be among them
 * @throws {Refusal} WRONGTYPE
 */
export function openSources(
  call: Call,
  first: number,
  count: number,
  withSorted: boolean,
): MemberAlgebra {
  const { db, keyspace: { algebra, entries } } = call;
  algebra.sources.begin(count);
  for (let i = first; i < first + count; i++) {
    const entry = db.read(call.key(i));
    if (entry === NONE) {
      algebra.sources.addMissing();
      continue;
    }
    const type = entries.type(entry);
    const isSorted = type === Type.SortedSet;
    if (type !== Type.Set && !(isSorted && withSorted)) throw WRONG_TYPE;
    algebra.addSource(isSorted, entries.encoding(entry), entries.slot(entry, 0));
  }
  return algebra;
}

/**
 * Whether a difference is had with less work by looking the members of the first source up in the
 * others, rather than by taking theirs out of it. As in Redis, looking up counts half.
 */
export function looksUpFirst({ sources }: MemberAlgebra): boolean {
  let lookups = 0;
  let removals = 0;
  for (let i = 0; i < sources.count; i++) {
    if (sources.ref(i) === NONE) continue;
    lookups += sources.size(0);
    removals += sources.size(i);
  }
  return Math.trunc(lookups / 2) <= removals;
}

/** How many members all sources have in common; those beyond the limit are not counted. */
export function countCommon(algebra: MemberAlgebra, limit: number): number {
  const { batch, sources } = algebra;
  if (sources.hasEmpty) return 0;
  sources.sortBySize();
  algebra.walk(0);
  let count = 0;
  while (count < limit && algebra.nextCommon()) count += batch.count;
  return Math.min(count, limit);
}
