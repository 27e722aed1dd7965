/**
 * Sorted sets as values of keys: opens the one set view of the store on an entry, and stores back
 * what a change made of it.
 */

import { NONE, type Ref } from "../../structures/arena.ts";
import { SortedSet, type SortedSetLimits } from "../../structures/sorted_set.ts";
import type { KeyHasher } from "../../structures/hash.ts";
import type { Database } from "./database.ts";
import { type Entries, Type } from "./entry.ts";
import type { Key } from "./key.ts";

export class SortedSets {
  readonly #entries: Entries;
  readonly #view: SortedSet;

  /** @param limits kept, not copied: up to where a set stays a listpack */
  constructor(entries: Entries, hasher: KeyHasher, limits: SortedSetLimits) {
    this.#entries = entries;
    this.#view = new SortedSet(entries.arena, hasher, limits);
  }

  /** The set of an entry, or a new one for NONE. The same view at every call. O(1). */
  open(entry: Ref): SortedSet {
    const view = this.#view;
    if (entry === NONE) view.create();
    else view.open(this.#entries.encoding(entry), this.#entries.slot(entry, 0));
    return view;
  }

  /**
   * Makes the key hold the view's set after a change: adds an entry where there is none, and
   * deletes the entry, or the new set, where the set is empty. O(1).
   *
   * @param entry what {@linkcode SortedSets.open} opened
   * @throws {ArenaFullError} where there is no room for a new entry; the new set is then gone
   */
  store(db: Database, entry: Ref, key: Key): void {
    const view = this.#view;
    if (entry === NONE) {
      if (view.count === 0) return view.destroy();
      this.#entries.setSlot(this.#insert(db, key), 0, view.ref);
      return;
    }
    this.#entries.setEncoding(entry, view.encoding);
    this.#entries.setSlot(entry, 0, view.ref);
    if (view.count === 0) db.delete(entry, false);
  }

  #insert(db: Database, key: Key): Ref {
    try {
      return db.insert(key, Type.SortedSet, this.#view.encoding, false, 0);
    } catch (error) {
      this.#view.destroy();
      throw error;
    }
  }
}
