/**
 * Collections as values of keys. A command says what it does to a collection; all else about it is
 * done here, once:
 *
 * ```
 *   change(call, 1, edit, EVENT)
 *     key ──▶ entry ──▶ type checked, listeners see it as it was
 *       missing ──▶ a new, empty collection
 *     edit(call, view) ──▶ how many changes
 *     entry ◀── what it became: another encoding or block, compacted, deleted where it is empty
 *     changes.ts ◀── the key has changed, by so many; new, EVENT, del
 * ```
 *
 * An edit is a function of a module, so that a call allocates nothing. It refuses (throws a
 * {@linkcode Refusal}) before it changes anything. Where it fails half way, for a lack of memory, a
 * new collection goes as if nothing had been, and an old one keeps what was changed, which is told.
 *
 * Each type has two views: one for reading, one under the edit, which is a second one for reading at
 * all other times. So an edit may read another key of its type, or walk over it, and it edits one key
 * at a time. Where both views are on one value, an
 * edit takes the cursor off the other view, and whoever walks on with that fails.
 *
 * A key never holds an empty collection.
 *
 * The elements of a collection may expire by themselves ({@linkcode ElementExpiry}): those that an edit
 * has come upon are gone after it, and are told of before the edit's own event.
 */

import { assert } from "../../structures/assert.ts";
import type { Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { MAY_EXPIRE } from "../../structures/field_map/field_map.ts";
import { Refusal } from "../../structures/refusal.ts";
import { ChangeKind, type Changes } from "./changes.ts";
import type { Caller } from "./caller.ts";
import { type Entries, kindOf, type Type } from "./entry.ts";
import type { Database } from "./database.ts";
import { DEL, type KeyEvent } from "./key_event.ts";
import * as entryLayout from "./entry_layout.ts";
import { WRONG_TYPE } from "./refusals.ts";
import type { Store } from "./store.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { ENCODING_SHIFT, HAS_TTL_WORD_BIT, KIND_MASK, META_WORD, SLOT_WORD } = entryLayout;
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
  /** Gives a collection that may have shrunk a smaller form, where there is one. */
  compact?(): void;
}

/** What has to be known of collections in encodings with the bit MAY_EXPIRE of field_map.ts. */
export interface ElementExpiry<View> {
  /** What is told of elements that have expired. */
  readonly event: KeyEvent;
  /**
   * An edit has left a collection that is in such an encoding, or was.
   *
   * @param couldExpire whether it was before
   * @returns how many elements had expired and are gone
   */
  settle(database: Database, entry: Ref, couldExpire: boolean, view: View): number;
}

/**
 * What is to be done to a collection. Answers how many changes it made, as INFO counts them; or
 * {@linkcode EMPTIED} in place of removing every element, which is then done in the background where
 * the collection is large; or {@linkcode TOUCHED}.
 */
export type Edit<C, View> = (call: C, view: View) => number;

/** What an edit answers for "all elements go". */
export const EMPTIED = -1;
/** What an edit answers that found nothing to change, and is told of all the same. */
export const TOUCHED = -2;

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
  readonly #beside: View;
  readonly #expiry: ElementExpiry<View> | undefined;
  /** Whether a collection may get a smaller form. */
  readonly #compacts: boolean;
  /** What the reading view was pointed at last. */
  #readRef: Ref = NONE;
  #isEditing = false;

  /**
   * @param reader, editor two views, each of which can be pointed at any collection of the type
   * @param beside for {@linkcode Collections.readBeside}, where the editor cannot serve for that
   */
  constructor(
    store: Store,
    type: Type,
    reader: View,
    editor: View,
    beside: View = editor,
    expiry?: ElementExpiry<View>,
  ) {
    this.#store = store;
    this.#entries = store.entries;
    this.#changes = store.changes;
    this.#type = type;
    this.#reader = reader;
    this.#editor = editor;
    this.#beside = beside;
    this.#expiry = expiry;
    this.#compacts = editor.compact !== undefined;
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

  /**
   * As {@linkcode Collections.read}, in the other view: so that two keys are seen at once, one walked
   * over, say, and one looked into. Not within an edit, which has that view.
   */
  readBeside(call: Caller, i: number): View | undefined {
    if (this.#isEditing) assert(false, "a second view within an edit");
    const entry = call.db.readOf(call.key(i), this.#type);
    if (entry === NONE) return undefined;
    const view = this.#beside;
    view.open(this.#entries.encoding(entry), this.#entries.slot(entry, 0));
    return view;
  }

  /**
   * For commands that refuse another type before they look at their other arguments. Nothing is noted.
   *
   * @throws {Refusal} WRONGTYPE
   */
  refuseOtherTypes(call: Caller, i: number): void {
    const type = call.db.typeOf(call.key(i));
    if (type !== undefined && type !== this.#type) throw WRONG_TYPE;
  }

  /** The collection of an entry of this type, in the view of {@linkcode Collections.read}. O(1). */
  open(entry: Ref): View {
    const view = this.#reader;
    const ref = this.#entries.slot(entry, 0);
    view.open(this.#entries.encoding(entry), ref);
    this.#readRef = ref;
    return view;
  }

  /**
   * Edits the collection of the key in argument `i`, a new one where the key is missing. The edit adds
   * or replaces; one that may take the last element away is for {@linkcode Collections.changePresent}.
   * O(1) beside the edit.
   *
   * @param event what a change is called; undefined where the caller tells of it itself, later
   * @returns how many changes were made
   * @throws {Refusal} WRONGTYPE; what the edit throws  @throws {ArenaFullError}
   */
  change<C extends Caller>(
    call: C,
    i: number,
    edit: Edit<C, View>,
    event: KeyEvent | undefined,
  ): number {
    const entry = call.db.changeOf(call.key(i), this.#type);
    if (entry === NONE) return this.#create(call, i, edit, event);
    return this.#add(call, i, entry, edit, event);
  }

  /**
   * As {@linkcode Collections.change}, but that a key which is missing stays so. Unlike behind
   * {@linkcode Collections.changePresent} the collection gets no smaller form: nothing was taken away.
   *
   * @returns how many changes were made, or MISSING
   */
  addPresent<C extends Caller>(
    call: C,
    i: number,
    edit: Edit<C, View>,
    event: KeyEvent,
  ): number {
    const entry = call.db.changeOf(call.key(i), this.#type);
    return entry === NONE ? MISSING : this.#add(call, i, entry, edit, event);
  }

  #add<C extends Caller>(
    call: C,
    i: number,
    entry: Ref,
    edit: Edit<C, View>,
    event: KeyEvent | undefined,
  ): number {
    this.#begin(entry);
    const changes = this.#run(call, i, entry, edit);
    const expired = this.#keep(call, entry);
    if (expired !== 0) this.#expired(call, i, entry, changes, event);
    else if (changes !== 0) this.#written(call, i, changes, event);
    return changes;
  }

  /**
   * Edits the collection of the key in argument `i`, if the key is there, and deletes the key if the
   * edit leaves nothing; otherwise as {@linkcode Collections.change}.
   *
   * @param event what a change is called, also one that empties the collection, of which DEL is told
   * behind it
   * @returns how many changes were made, or MISSING
   */
  changePresent<C extends Caller>(
    call: C,
    i: number,
    edit: Edit<C, View>,
    event: KeyEvent,
  ): number {
    const { db } = call;
    const entry = db.changeOf(call.key(i), this.#type);
    if (entry === NONE) return MISSING;
    const view = this.#begin(entry);
    let changes = this.#run(call, i, entry, edit);
    if (changes === EMPTIED) {
      changes = view.count;
    } else {
      if (this.#compacts && changes !== 0) view.compact!();
      const expired = this.#keep(call, entry);
      if (expired !== 0) return this.#expired(call, i, entry, changes, event);
      if (changes === 0) return 0;
      if (changes === TOUCHED) changes = 0;
      if (view.count !== 0) {
        this.#written(call, i, changes, event);
        return changes;
      }
    }
    db.remove(entry, this.#store.lazyServerDelete);
    if (this.#changes.count(changes)) this.#changes.deleted(db.index, call.key(i), event);
    return changes;
  }

  /**
   * Gives the key in argument `i` a new collection in place of whatever it held, and no expiry; or
   * deletes the key, if the edit leaves the collection empty. The old value is there until the edit is
   * done, so that it may be what the new one is made of. O(1) beside the edit, and O(elements) where an
   * old value is not freed in the background.
   *
   * @param edit fills the new collection; what it answers counts where elements are stored
   * @param event what having the new value is called
   * @returns how many elements the key has then
   * @throws what the edit throws  @throws {ArenaFullError} nothing has changed then
   */
  replace<C extends Caller>(call: C, i: number, edit: Edit<C, View>, event: KeyEvent): number {
    if (this.#isEditing) assert(false, "an edit within an edit of the same type");
    const { db } = call;
    const view = this.#editor;
    view.create();
    this.#isEditing = true;
    let isKept = false;
    let isNew = false;
    let count = 0;
    let changes = 0;
    try {
      changes = edit(call, view);
      ({ count } = view);
      if (count !== 0) {
        isNew = this.#put(call, i);
        isKept = true;
      }
    } finally {
      this.#isEditing = false;
      if (!isKept) view.destroy();
    }
    if (count === 0) db.delete(call.key(i), this.#store.lazyServerDelete);
    else if (this.#changes.count(changes)) {
      this.#changes.written(db.index, call.key(i), isNew, event);
    }
    return count;
  }

  /** Makes what the edited view is on the value of a key. @returns whether the key is new */
  #put(call: Caller, i: number): boolean {
    const { db } = call;
    const view = this.#editor;
    const key = call.key(i);
    const present = db.change(key);
    let entry: Ref;
    if (present === NONE) entry = db.insert(key, this.#type, view.encoding, false, 0, false);
    else {
      entry = db.reshape(present, this.#type, view.encoding, false, 0, false);
      db.clearExpiry(entry);
    }
    this.#entries.setSlot(entry, 0, view.ref);
    return present === NONE;
  }

  /** Points the edited view at an entry's collection, and takes the other view's cursor off that. */
  #begin(entry: Ref): View {
    if (this.#isEditing) assert(false, "an edit within an edit of the same type");
    const view = this.#editor;
    const ref = this.#entries.slot(entry, 0);
    view.open(this.#entries.encoding(entry), ref);
    if (ref === this.#readRef) {
      this.#reader.open(this.#reader.encoding, ref);
      this.#readRef = NONE;
    }
    return view;
  }

  /** Lets an edit at the view. What the collection has become is the caller's to store. */
  #run<C extends Caller>(call: C, i: number, entry: Ref, edit: Edit<C, View>): number {
    this.#isEditing = true;
    let changes: number;
    try {
      changes = edit(call, this.#editor);
    } catch (error) {
      this.#fail(call, i, entry, error);
      throw error;
    }
    this.#isEditing = false;
    return changes;
  }

  #written(call: Caller, i: number, changes: number, event: KeyEvent | undefined): void {
    if (this.#changes.count(changes)) {
      this.#changes.written(call.db.index, call.key(i), false, event);
    }
  }

  /**
   * Tells of an edit that has come upon expired elements, and deletes the key where none is left.
   *
   * @returns how many changes the edit made itself
   */
  #expired(
    call: Caller,
    i: number,
    entry: Ref,
    edits: number,
    event: KeyEvent | undefined,
  ): number {
    const changes = Math.max(0, edits);
    const { db } = call;
    const isEmpty = this.#editor.count === 0;
    if (isEmpty) db.remove(entry, this.#store.lazyExpire);
    if (!this.#changes.count(changes)) return changes;
    const key = call.key(i);
    this.#changes.tell(db.index, key, isEmpty ? DELETED : WRITTEN);
    this.#changes.happened(db.index, key, this.#expiry!.event);
    if (edits !== 0 && event !== undefined) this.#changes.happened(db.index, key, event);
    if (isEmpty) this.#changes.happened(db.index, key, DEL);
    return changes;
  }

  /** Stores what an edit has made that threw, and tells of it unless it refused. */
  #fail(call: Caller, i: number, entry: Ref, error: unknown): void {
    this.#isEditing = false;
    const expired = this.#keep(call, entry);
    if (expired !== 0) this.#expired(call, i, entry, 0, undefined);
    if (error instanceof Refusal) return;
    if (this.#changes.count(1)) this.#changes.tell(call.db.index, call.key(i), WRITTEN);
  }

  /** Stores what a collection has become. @returns how many elements had expired and are gone */
  #keep(call: Caller, entry: Ref): number {
    const view = this.#editor;
    const words = this.#store.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const meta = words[at + META_WORD];
    words[at + META_WORD] = (meta & ~KIND_MASK) | kindOf(this.#type, view.encoding);
    words[at + SLOT_WORD + (meta >>> HAS_TTL_WORD_BIT & 1)] = view.ref;
    if (this.#expiry === undefined) return 0;
    const encodings = (meta & KIND_MASK) >>> ENCODING_SHIFT | view.encoding;
    if ((encodings & MAY_EXPIRE) === 0) return 0;
    const couldExpire = ((meta >>> ENCODING_SHIFT) & MAY_EXPIRE) !== 0;
    return this.#expiry.settle(call.db, entry, couldExpire, view);
  }

  #create<C extends Caller>(
    call: C,
    i: number,
    edit: Edit<C, View>,
    event: KeyEvent | undefined,
  ): number {
    if (this.#isEditing) assert(false, "an edit within an edit of the same type");
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
      if ((view.encoding & MAY_EXPIRE) !== 0) this.#expiry?.settle(db, entry, false, view);
      if (this.#changes.count(changes)) this.#changes.written(db.index, key, true, event);
      return changes;
    } finally {
      this.#isEditing = false;
      if (!isKept) view.destroy();
    }
  }
}
