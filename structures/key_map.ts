/**
 * A map from byte strings to objects of V8's heap, by the hash that whoever asks has already: for what
 * the server remembers of keys and channels while clients watch them, wait for them or listen to them.
 * It is asked at every change of a key, so looking up makes no string and no garbage.
 *
 * ```
 * Map  hash ──▶ entry ──▶ entry      of equal hash, told apart by their bytes
 *               │ bytes (its own copy)
 *               └ value
 * ```
 */

import { copyBytes } from "./bytes/copy_bytes.ts";

/** A byte string and its hash, where it lies now: keys are these. */
export interface HashedBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
  readonly hash: number;
}

/** An entry of a {@linkcode KeyMap}, and a key by itself: its bytes are its own. */
export class KeyMapEntry<V> implements HashedBytes {
  readonly start = 0;
  readonly length: number;
  /** The next entry of the same hash. */
  next: KeyMapEntry<V> | undefined;

  constructor(readonly bytes: Uint8Array, readonly hash: number, readonly value: V) {
    this.length = bytes.length;
  }
}

/**
 * See the top of the file.
 *
 * @example
 * ```ts
 * const watchers = new KeyMap<Set<Client>>();
 * watchers.getOrAdd(key, () => new Set()).value.add(client);
 * watchers.get(key)?.value.forEach(tell);
 * ```
 */
export class KeyMap<V> {
  readonly #entries = new Map<number, KeyMapEntry<V>>();
  #size = 0;

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  /** The entry of a key, if there is one. O(length). */
  get(key: HashedBytes): KeyMapEntry<V> | undefined {
    let entry = this.#entries.get(key.hash);
    while (entry !== undefined && !isEqual(entry.bytes, key)) entry = entry.next;
    return entry;
  }

  /** The entry of a key, made with a copy of its bytes where there is none. O(length). */
  getOrAdd(key: HashedBytes, make: () => V): KeyMapEntry<V> {
    const present = this.get(key);
    if (present !== undefined) return present;
    const { hash, length } = key;
    const bytes = new Uint8Array(length);
    copyBytes(bytes, 0, key.bytes, key.start, length);
    const entry = new KeyMapEntry(bytes, hash, make());
    entry.next = this.#entries.get(hash);
    this.#entries.set(hash, entry);
    this.#size++;
    return entry;
  }

  /** Takes a key out. @returns whether it was there. O(length) */
  delete(key: HashedBytes): boolean {
    const first = this.#entries.get(key.hash);
    let before: KeyMapEntry<V> | undefined;
    for (let entry = first; entry !== undefined; before = entry, entry = entry.next) {
      if (!isEqual(entry.bytes, key)) continue;
      if (before !== undefined) before.next = entry.next;
      else if (entry.next !== undefined) this.#entries.set(key.hash, entry.next);
      else this.#entries.delete(key.hash);
      this.#size--;
      return true;
    }
    return false;
  }

  clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }

  /** All entries, in no order; the current one may be deleted meanwhile. */
  *[Symbol.iterator](): Generator<KeyMapEntry<V>> {
    for (const first of this.#entries.values()) {
      for (let entry: KeyMapEntry<V> | undefined = first; entry !== undefined;) {
        const { next }: KeyMapEntry<V> = entry;
        yield entry;
        entry = next;
      }
    }
  }
}

function isEqual(own: Uint8Array, { bytes, start, length }: HashedBytes): boolean {
  if (own.length !== length) return false;
  for (let i = 0; i < length; i++) if (own[i] !== bytes[start + i]) return false;
  return true;
}
