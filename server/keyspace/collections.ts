/**
 * Collections as values of keys: opens the one view that the store has for a type on an entry, and
 * stores back what a change made of it. A key never holds an empty collection.
 *
 * ```
 *   key ──find──▶ entry ──open()──▶ view ──change──▶ store() ──▶ entry, deleted if empty
 *                  NONE ──open()──▶ view, empty, new ──────────▶ entry, new
 * ```
 */

import type { Arena, Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import type { Database } from "./database.ts";
import { type Entries, kindOf, type Type } from "./entry.ts";
import * as entryLayout from "./entry_layout.ts";
import type { Key } from "./key.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD_BIT, KIND_MASK, META_WORD, SLOT_WORD } = entryLayout;

/** What a view of one collection at a time has to have. */
export interface CollectionView {
  /** How the collection is held, and where: what an entry keeps of it. */
  readonly encoding: number;
  readonly ref: Ref;
  /** Number of elements. */
  readonly count: number;
  /** Points the view at a collection. */
  open(encoding: number, ref: Ref): void;
  /** Points the view at a new, empty one. */
  create(): void;
  /** Frees the collection under the view. */
  destroy(): void;
}

/** All collections of one type. */
export class Collections<View extends CollectionView> {
  readonly #arena: Arena;
  readonly #entries: Entries;
  readonly #type: Type;
  readonly #view: View;

  constructor(entries: Entries, type: Type, view: View) {
    this.#arena = entries.arena;
    this.#entries = entries;
    this.#type = type;
    this.#view = view;
  }

  /** The collection of an entry, or a new one for NONE. The same view at every call. O(1). */
  open(entry: Ref): View {
    const view = this.#view;
    if (entry === NONE) view.create();
    else view.open(this.#entries.encoding(entry), this.#entries.slot(entry, 0));
    return view;
  }

  /**
   * Makes the key hold the view's collection after a change: adds an entry where there is none, and
   * deletes the entry, or the new collection, where that is empty. O(1).
   *
   * @param entry what {@linkcode Collections.open} opened
   * @throws {ArenaFullError} where there is no room for a new entry; the new collection is then gone
   */
  store(db: Database, entry: Ref, key: Key): void {
    const view = this.#view;
    if (entry === NONE) {
      if (view.count === 0) return view.destroy();
      this.#entries.setSlot(this.#insert(db, key), 0, view.ref);
      return;
    }
    this.#keep(entry);
    if (view.count === 0) db.delete(entry, false);
  }

  /**
   * As {@linkcode Collections.store}, after a change that removed nothing, so that a collection that
   * was there is not empty now. O(1).
   *
   * @throws {ArenaFullError} as there
   */
  storeGrown(db: Database, entry: Ref, key: Key): void {
    if (entry === NONE) this.store(db, entry, key);
    else this.#keep(entry);
  }

  #keep(entry: Ref): void {
    const view = this.#view;
    const words = this.#arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const meta = words[at + META_WORD];
    words[at + META_WORD] = (meta & ~KIND_MASK) | kindOf(this.#type, view.encoding);
    words[at + SLOT_WORD + (meta >>> HAS_TTL_WORD_BIT & 1)] = view.ref;
  }

  /** After a change that has failed half way: an old collection is stored, a new one goes. O(n). */
  abandon(db: Database, entry: Ref, key: Key): void {
    if (entry === NONE) this.#view.destroy();
    else this.store(db, entry, key);
  }

  #insert(db: Database, key: Key): Ref {
    try {
      return db.insert(key, this.#type, this.#view.encoding, false, 0);
    } catch (error) {
      this.#view.destroy();
      throw error;
    }
  }
}
