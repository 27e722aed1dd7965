/** Up to where collections keep their small form, as the settings say it. */

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

/** The settings that they come from. */
export interface LimitSettings {
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
export function collectionLimits(settings: LimitSettings): CollectionLimits {
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

/** Makes limits that are in use those that the settings ask for now. */
export function adoptLimits(limits: CollectionLimits, settings: LimitSettings): void {
  const { hashes, lists, sets, sortedSets } = collectionLimits(settings);
  Object.assign(limits.lists, lists);
  Object.assign(limits.hashes, hashes);
  Object.assign(limits.sets, sets);
  Object.assign(limits.sortedSets, sortedSets);
}
