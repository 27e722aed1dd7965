/**
 * What ZADD loads ahead: the places in a large sorted set at which its next calls will be; see
 * score_changes.ts.
 */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { Ref } from "../../structures/arena/arena.ts";
import { parseDouble } from "../../structures/numbers/double_text.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { CollectionPrefetch } from "../members/collection_prefetch.ts";
import type { Prefetch } from "../registry.ts";

/** Loads ahead for pairs of a score and a member, up to the end of a call. */
export class ScoreChangePrefetch extends CollectionPrefetch<SortedSet> {
  protected override viewOf({ keyspace }: Call, entry: Ref): SortedSet | undefined {
    if (keyspace.entries.type(entry) !== Type.SortedSet) return undefined;
    return keyspace.sortedSets.open(entry);
  }

  /** Notes the pairs from the last one on: where the first begins, only the options tell. */
  protected override note(set: SortedSet, { args }: Call): void {
    for (let member = args.count - 1; member > 2; member -= 2) {
      const score = parseDouble(args.bytes, args.start(member - 1), args.length(member - 1));
      const { bytes } = args;
      if (!set.expectScore(score, bytes, args.start(member), args.length(member))) return;
    }
  }
}

export const scoreChangePrefetch: Prefetch = new ScoreChangePrefetch();
