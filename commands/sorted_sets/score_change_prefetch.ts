/**
 * What ZADD loads ahead: the places in a large sorted set at which its next calls will be; see
 * score_changes.ts. Calls on one key that follow each other are loaded for together.
 */

import type { Call } from "../../server/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { parseDouble } from "../../structures/numbers/double_text.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import type { Prefetch } from "../registry.ts";

class ScoreChangePrefetch implements Prefetch {
  /** Whether a call was noted since the last load. */
  #begun = false;
  /** Hash of the last call's key: who has the same is taken for the same. */
  #keyHash = 0;
  /** The set of that key, where it is worth the trouble. */
  #set: SortedSet | undefined;

  /** Notes the call's last pair, which in a pipeline of small calls is its only one. */
  add(call: Call): void {
    const key = call.key(1);
    if (!this.#begun || key.hash !== this.#keyHash) {
      if (this.#begun) this.load();
      this.#begun = true;
      this.#keyHash = key.hash;
      const entry = call.db.find(key);
      const { entries, sortedSets } = call.keyspace;
      if (entry !== NONE && entries.type(entry) === Type.SortedSet) {
        const set = sortedSets.open(entry);
        if (set.gainsByPrefetch) this.#set = set;
      }
    }
    if (this.#set === undefined) return;
    const { args } = call;
    const member = args.count - 1;
    const score = parseDouble(args.bytes, args.start(member - 1), args.length(member - 1));
    this.#set.expectScore(score, args.bytes, args.start(member), args.length(member));
  }

  load(): void {
    this.#set?.prefetch();
    this.#set = undefined;
    this.#begun = false;
  }
}

export const scoreChangePrefetch: Prefetch = new ScoreChangePrefetch();
