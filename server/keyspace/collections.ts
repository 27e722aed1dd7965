/**
 * Collections as values of keys. A command says what it does to a collection; all else about it is
 * done here, once:
 *
 * ```
 *   change(call, 1, edit)
 *     key ──▶ entry ──▶ type checked, listeners see it as it was
 *       missing ──▶ a new, empty collection
 *     edit(call, view) ──▶ how many changes
 *     entry ◀── what it became: another encoding or block, compacted, deleted where it is empty
 *     changes.ts ◀── the key has changed, by so many
 * ```
 *
 * An edit is a function of a module, so that a call allocates nothing. It refuses (throws a
 * {@linkcode Refusal}) before it changes anything. Where it fails half way, for a lack of memory, a
 * new collection goes as if nothing had been, and an old one keeps what was changed, which is told.
 *
 * Each type has two views: one for reading, one under the edit. So an edit may read another key of
 * its type, or walk over it, and it edits one key at a time. Where both views are on one value, an
 * edit takes the cursor off the other view, and whoever walks on with that fails.
 *
 * A key never holds an empty collection.
 */

import { assert } from "@std/assert/assert";
import type { Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { Refusal } from "../../structures/refusal.ts";
import { ChangeKind, type Changes } from "./changes.ts";
import type { Caller } from "./caller.ts";
import { type Entries, kindOf, type Type } from "./entry.ts";
import * as entryLayout from "./entry_layout.ts";
import type { Store } from "./store.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD_BIT, KIND_MASK, META_WORD, SLOT_WORD } = entryLayout;
const { Deleted: DELETED, Written: WRITTEN } = ChangeKind;

/** What a view of one collection at a time has to have. */
export interface CollectionView {
  /** How the collection is held, and where: what an entry keeps of it. */
  readonly encoding: number;
  readonly ref: Ref;
  /** Number of elements. */
  readonly count: number;
  /** Points the view at a collection, and takes its cursor off. */
  open(encoding: number, ref: Ref): void;
  /** Points the view at a new, empty one. */
  create(): void;
  /** Frees the collection under the view. */
  destroy(): void;
  /** Gives a collection that did not grow a smaller form, where it has one. */
  compact?(): void;
}

/**
 * What is to be done to a collection. Answers how many changes it made, as INFO counts them; or
 * {@linkcode EMPTIED} in place of removing every element, which is then done in the background where
 * the collection is large.
 */
export type Edit<C, View> = (call: C, view: View) => number;

/** What an edit answers for "all elements go". */
export const EMPTIED = -1;

/** What {@linkcode Collections.changePresent} answers where there is no key. */
export const MISSING = -1;

/** All collections of one type. */
export class Collections<View extends CollectionView> {
  readonly #store: Store;
  readonly #entries: Entries;
  readonly #changes: Changes;
  readonly #type: Type;
  readonly #reader: View;
  readonly #editor: View;
  #isEditing = false;

  /** @param reader, editor two views, each of which can be pointed at any collection of the type */
  constructor(store: Store, type: Type, reader: View, editor: View) {
    this.#store = store;
    this.#entries = store.entries;
    this.#changes = store.changes;
    this.#type = type;
    this.#reader = reader;
    this.#editor = editor;
  }

  /**
   * The collection of the key in argument `i`, counted as a hit or miss; undefined where the key is
   * missing. The same view at every call. O(1).
   *
   * @throws {Refusal} WRONGTYPE
   */
  read(call: Caller, i: number): View | undefined {
    const entry = call.db.readOf(call.key(i), this.#type);
    return entry === NONE ? undefined : this.open(entry);
  }

  /** The collection of an entry of this type, in the view of {@linkcode Collections.read}. O(1). */
  open(entry: Ref): View {
    const view = this.#reader;
    view.open(this.#entries.encoding(entry), this.#entries.slot(entry, 0));
    return view;
  }

  /**
   * Edits the collection of the key in argument `i`, a new one where the key is missing. O(1) beside
   * the edit.
   *
   * @returns how many changes were made
   * @throws {Refusal} WRONGTYPE; what the edit throws  @throws {ArenaFullError}
   */
  change<C extends Caller>(call: C, i: number, edit: Edit<C, View>): number {
    const entry = call.db.changeOf(call.key(i), this.#type);
    return entry === NONE ? this.#create(call, i, edit) : this.#edit(call, i, entry, edit);
  }

  /**
   * Edits the collection of the key in argument `i`, if the key is there; otherwise as
   * {@linkcode Collections.change}.
   *
   * @returns how many changes were made, or MISSING
   */
  changePresent<C extends Caller>(call: C, i: number, edit: Edit<C, View>): number {
    const entry = call.db.changeOf(call.key(i), this.#type);
    return entry === NONE ? MISSING : this.#edit(call, i, entry, edit);
  }

  #edit<C extends Caller>(call: C, i: number, entry: Ref, edit: Edit<C, View>): number {
    assert(!this.#isEditing, "an edit within an edit of the same type");
    const view = this.#editor;
    const ref = this.#entries.slot(entry, 0);
    view.open(this.#entries.encoding(entry), ref);
    this.#stopReading(ref);
    const before = view.count;
    this.#isEditing = true;
    let changes: number;
    try {
      changes = edit(call, view);
    } catch (error) {
      this.#isEditing = false;
      this.#settle(call, i, entry, ref, before, partialChanges(error, before, view));
      throw error;
    }
    this.#isEditing = false;
    if (changes === EMPTIED) return this.#remove(call, i, entry, ref, before);
    this.#settle(call, i, entry, ref, before, changes);
    return changes;
  }

  /** Takes the other view's cursor off a collection. */
  #stopReading(ref: Ref): void {
    const reader = this.#reader;
    if (reader.ref === ref) reader.open(reader.encoding, ref);
  }

  /** Stores what an entry's collection has become, and tells of it. */
  #settle(call: Caller, i: number, entry: Ref, ref: Ref, before: number, changes: number): void {
    const view = this.#editor;
    if (changes !== 0) {
      const { count } = view;
      if (count === 0) {
        this.#keep(entry);
        this.#remove(call, i, entry, ref, changes);
        return;
      }
      if (count <= before) view.compact?.();
      this.#stopReading(ref);
    }
    this.#keep(entry);
    if (changes !== 0) this.#changes.changed(call.db.index, call.key(i), changes, WRITTEN);
  }

  #keep(entry: Ref): void {
    const view = this.#editor;
    const words = this.#store.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const meta = words[at + META_WORD];
    words[at + META_WORD] = (meta & ~KIND_MASK) | kindOf(this.#type, view.encoding);
    words[at + SLOT_WORD + (meta >>> HAS_TTL_WORD_BIT & 1)] = view.ref;
  }

  #remove(call: Caller, i: number, entry: Ref, ref: Ref, changes: number): number {
    const { db } = call;
    this.#stopReading(ref);
    db.remove(entry, this.#store.lazyServerDelete);
    this.#changes.changed(db.index, call.key(i), changes, DELETED);
    return changes;
  }

  #create<C extends Caller>(call: C, i: number, edit: Edit<C, View>): number {
    assert(!this.#isEditing, "an edit within an edit of the same type");
    const view = this.#editor;
    view.create();
    this.#isEditing = true;
    let isKept = false;
    try {
      const changes = edit(call, view);
      if (changes === EMPTIED || view.count === 0) return 0;
      const { db } = call;
      const key = call.key(i);
      const entry = db.insert(key, this.#type, view.encoding, false, 0, false);
      this.#entries.setSlot(entry, 0, view.ref);
      isKept = true;
      this.#changes.changed(db.index, key, changes, WRITTEN);
      return changes;
    } finally {
      this.#isEditing = false;
      if (!isKept) view.destroy();
    }
  }
}

/** How many changes an edit made that threw: at least one where it did not refuse. */
function partialChanges(error: unknown, before: number, view: CollectionView): number {
  const difference = Math.abs(view.count - before);
  return error instanceof Refusal ? difference : Math.max(difference, 1);
}
