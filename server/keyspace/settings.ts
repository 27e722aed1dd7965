/**
 * What settings say to the keyspace: up to where collections keep their small form, and which large
 * values are freed in the background.
 */

import type { AccessSettings } from "./access_clock.ts";
import type { HashLimits } from "../../structures/field_map/field_map.ts";
import type { ListLimits } from "../../structures/list/list.ts";
import type { SetLimits } from "../../structures/set/member_set.ts";
import type { SortedSetLimits } from "../../structures/sorted_set/sorted_set.ts";

/** The limits of each type. Read at each change. */
export interface CollectionLimits {
  readonly lists: ListLimits;
  readonly hashes: HashLimits;
  readonly sets: SetLimits;
  readonly sortedSets: SortedSetLimits;
}

/** The settings that the keyspace follows. */
export interface KeyspaceSettings {
  readonly lazyFreeLazyExpire: boolean;
  readonly lazyFreeLazyServerDel: boolean;
  readonly maxMemoryPolicy: string;
  readonly lfuLogFactor: number;
  readonly lfuDecayMinutes: number;
  readonly listMaxListpackSize: number;
  readonly hashMaxListpackEntries: number;
  readonly hashMaxListpackValueBytes: number;
  readonly setMaxIntsetEntries: number;
  readonly setMaxListpackEntries: number;
  readonly setMaxListpackValueBytes: number;
  readonly zsetMaxListpackEntries: number;
  readonly zsetMaxListpackValueBytes: number;
}

/** The limits that the settings ask for. */
export function collectionLimits(settings: KeyspaceSettings): CollectionLimits {
  return {
    lists: { maxListpackSize: settings.listMaxListpackSize },
    hashes: {
      maxListpackEntries: settings.hashMaxListpackEntries,
      maxListpackValueBytes: settings.hashMaxListpackValueBytes,
    },
    sets: {
      maxIntsetEntries: settings.setMaxIntsetEntries,
      maxListpackEntries: settings.setMaxListpackEntries,
      maxListpackValueBytes: settings.setMaxListpackValueBytes,
    },
    sortedSets: {
      maxListpackEntries: settings.zsetMaxListpackEntries,
      maxListpackValueBytes: settings.zsetMaxListpackValueBytes,
    },
  };
}

/** What of a keyspace follows the settings. */
interface Follower {
  readonly access: AccessSettings;
  readonly limits: CollectionLimits;
  lazyExpire: boolean;
  lazyServerDelete: boolean;
  updateClock(): void;
}

/** Has a keyspace do as the settings ask now. */
export function adoptSettings(keyspace: Follower, settings: KeyspaceSettings): void {
  keyspace.lazyExpire = settings.lazyFreeLazyExpire;
  keyspace.lazyServerDelete = settings.lazyFreeLazyServerDel;
  const { access, limits } = keyspace;
  access.countsUses = settings.maxMemoryPolicy.endsWith("-lfu");
  access.logFactor = settings.lfuLogFactor;
  access.decayMinutes = settings.lfuDecayMinutes;
  keyspace.updateClock();
  const { hashes, lists, sets, sortedSets } = collectionLimits(settings);
  Object.assign(limits.lists, lists);
  Object.assign(limits.hashes, hashes);
  Object.assign(limits.sets, sets);
  Object.assign(limits.sortedSets, sortedSets);
}

/** The settings that {@linkcode adoptSettings} reads. */
export const KEYSPACE_SETTINGS = [
  "lazyfree-lazy-expire",
  "lazyfree-lazy-server-del",
  "lfu-decay-time",
  "lfu-log-factor",
  "list-max-listpack-size",
  "hash-max-listpack-entries",
  "hash-max-listpack-value",
  "maxmemory-policy",
  "set-max-intset-entries",
  "set-max-listpack-entries",
  "set-max-listpack-value",
  "zset-max-listpack-entries",
  "zset-max-listpack-value",
] as const;
