/**
 * The one point that learns of a changed key. Whatever changes a key passes it twice:
 *
 * ```
 *   willChange(database, entry)          before: the entry is as it was
 *         │ edit, write, expire, delete, rename …
 *   changed(database, key, count, kind)  after: whoever looks the key up sees what it is now
 * ```
 *
 * and so does whatever empties a database, by `willFlush` and `flushed`; two that change places are told
 * of by `swapped`, when they have. It counts what INFO calls
 * changes since the last save, and tells listeners: those who watch keys, keep copies of them, or
 * have to write down what happens. What happened is told by name as well (key_event.ts): of one change
 * there may be several events, and of a key that was looked for in vain there is one without a change.
 * While nobody listens, each call tests one integer.
 */

import type { Ref } from "../../structures/arena/arena.ts";
import type { Key } from "./key.ts";
import { DEL, type KeyEvent, NEW } from "./key_event.ts";

/** What became of a key. */
export const ChangeKind = { Written: 0, Deleted: 1, Expired: 2, Evicted: 3 } as const;
export type ChangeKind = typeof ChangeKind[keyof typeof ChangeKind];
const { Deleted: DELETED, Written: WRITTEN } = ChangeKind;

/**
 * Who wants to know. Listeners read the keyspace, and change nothing in it. Databases are told by
 * their numbers.
 */
export interface ChangeListener {
  /**
   * An entry is about to change, in its value, expiry or key, or to go. It may come more than once,
   * and in vain.
   */
  willChange?(database: number, entry: Ref): void;
  /**
   * A key holds another value or expires at another time, is new, or is gone. The key is valid until
   * the listener returns. It may come in vain where a command failed half way.
   */
  changed?(database: number, key: Key, kind: ChangeKind): void;
  /** Something has happened to a key: an event by its name, behind `changed`, in Redis's order. */
  happened?(database: number, key: Key, event: KeyEvent): void;
  /** All keys of a database are about to go. */
  willFlush?(database: number): void;
  /** All keys of a database are gone; `more`: at once those of another will be, for the same reason. */
  flushed?(database: number, more: boolean): void;
  /** Two databases, which may be one, have changed places with all their keys. */
  swapped?(first: number, second: number): void;
}

export class Changes {
  /** Changes since the server started, as INFO counts them: several for a key with many members. */
  dirty = 0;
  #listeners: readonly ChangeListener[] = [];
  /** How many of them there are: what is tested while there is none. */
  #count = 0;

  /** Tells a listener of every change from now on. @returns what ends that */
  subscribe(listener: ChangeListener): () => void {
    this.#set([...this.#listeners, listener]);
    return () => this.#set(this.#listeners.filter((other) => other !== listener));
  }

  #set(listeners: readonly ChangeListener[]): void {
    this.#listeners = listeners;
    this.#count = listeners.length;
  }

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#count !== 0;
  }

  /** An entry is about to change. O(listeners). */
  willChange(database: number, entry: Ref): void {
    if (this.#count === 0) return;
    for (const listener of this.#listeners) listener.willChange?.(database, entry);
  }

  /**
   * Counts changes.
   *
   * @returns whether anybody listens, who is then to be told by one of the functions below
   */
  count(changes: number): boolean {
    this.dirty += changes;
    return this.#count !== 0;
  }

  /**
   * Tells that a key has got a value, or another one. O(listeners).
   *
   * @param isNew whether it was not there before
   * @param event what is told by name; nothing where the caller does so itself
   */
  written(database: number, key: Key, isNew: boolean, event: KeyEvent | undefined): void {
    this.tell(database, key, WRITTEN);
    if (event === undefined) return;
    if (isNew) this.happened(database, key, NEW);
    this.happened(database, key, event);
  }

  /**
   * Tells that a key was deleted. O(listeners).
   *
   * @param event what has taken the last of its elements; nothing where the key was deleted as such
   */
  deleted(database: number, key: Key, event: KeyEvent | undefined): void {
    this.tell(database, key, DELETED);
    if (event !== undefined) this.happened(database, key, event);
    this.happened(database, key, DEL);
  }

  /** Tells what became of a key, and of no event. O(listeners). */
  tell(database: number, key: Key, kind: ChangeKind): void {
    for (const listener of this.#listeners) listener.changed?.(database, key, kind);
  }

  /** Tells of an event alone. O(listeners). */
  happened(database: number, key: Key, event: KeyEvent): void {
    if (this.#count === 0) return;
    for (const listener of this.#listeners) listener.happened?.(database, key, event);
  }

  /** A database is about to lose all its keys. O(listeners). */
  willFlush(database: number): void {
    for (const listener of this.#listeners) listener.willFlush?.(database);
  }

  /** A database has lost all its keys, `count` of them. O(listeners). */
  flushed(database: number, count: number, more: boolean): void {
    this.dirty += count;
    for (const listener of this.#listeners) listener.flushed?.(database, more);
  }

  /** Two databases have changed places, which counts as one change. O(listeners). */
  swapped(first: number, second: number): void {
    this.dirty++;
    for (const listener of this.#listeners) listener.swapped?.(first, second);
  }
}
