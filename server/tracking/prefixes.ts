/**
 * Who wants to hear of every change of the keys that begin in some way, and what there is to tell
 * them. Changes are gathered and told once a turn, each key once however often it changed:
 *
 * ```
 * changed(user:7) ──▶ ""      ──▶ keys {user:7, job:1}      watchers {A, B}
 *                 ──▶ "user:" ──▶ keys {user:7}             watchers {C}
 *                                     │ author: who changed it last, for those who want none of their own
 * ```
 *
 * A key's prefixes are looked up by their hashes, a lookup for each length that any prefix has: what a
 * change costs does not grow with the number of prefixes.
 */

import { compareBytes } from "../../structures/bytes/byte_order.ts";
import type { KeyHasher } from "../../structures/hash_table/hash.ts";
import { type HashedBytes, KeyMap, type KeyMapEntry } from "../../structures/key_map.ts";
import type { Client } from "../execution/client.ts";
import { Key } from "../keyspace/key.ts";
import type { Tracker } from "./tracker.ts";

/** Keys of a prefix that are gathered at most; then they are told before the turn is over. */
const MAX_GATHERED_KEYS = 65_536;

/** A changed key, and who changed it last; undefined where it was no client, but time. */
export type GatheredKey = KeyMapEntry<{ author: Client | undefined }>;

/** What is known of a prefix. */
class Watched {
  readonly watchers = new Set<Tracker>();
  readonly keys = new KeyMap<{ author: Client | undefined }>();
}

/** The order of byte strings, in which Redis tells prefixes and keys. */
function inByteOrder(a: HashedBytes, b: HashedBytes): number {
  return compareBytes(a.bytes, a.start, a.length, b.bytes, b.start, b.length);
}

/** See the top of the file. */
export class Prefixes {
  readonly #prefixes = new KeyMap<Watched>();
  readonly #hasher: KeyHasher;
  /** Lengths of prefixes, ascending, and how many prefixes have each. */
  readonly #lengths: number[] = [];
  readonly #counts = new Map<number, number>();
  /** Prefixes with keys that are not told of yet. */
  #gathering: KeyMapEntry<Watched>[] = [];
  readonly #beginning = new Key();

  constructor(hasher: KeyHasher) {
    this.#hasher = hasher;
  }

  /** How many there are. */
  get size(): number {
    return this.#prefixes.size;
  }

  /** Whether there are changes to tell of. */
  get hasGathered(): boolean {
    return this.#gathering.length > 0;
  }

  /** Has a tracker hear of keys with a prefix. O(length + its prefixes). */
  watch(tracker: Tracker, bytes: Uint8Array): void {
    const key = this.#beginning;
    key.bytes = bytes;
    key.start = 0;
    key.length = bytes.length;
    key.hash = this.#hasher.hash(bytes, 0, bytes.length);
    const known = this.#prefixes.size;
    const prefix = this.#prefixes.getOrAdd(key, () => new Watched());
    if (this.#prefixes.size > known) this.#countLength(bytes.length, 1);
    if (prefix.value.watchers.has(tracker)) return;
    prefix.value.watchers.add(tracker);
    tracker.prefixes.push(prefix);
    tracker.prefixes.sort(inByteOrder);
  }

  /** Lets go of all prefixes of a tracker. O(its prefixes). */
  unwatch(tracker: Tracker): void {
    for (const prefix of tracker.prefixes) {
      const { keys, watchers } = this.#prefixes.get(prefix)!.value;
      watchers.delete(tracker);
      if (watchers.size > 0) continue;
      keys.clear();
      this.#prefixes.delete(prefix);
      this.#countLength(prefix.length, -1);
    }
    tracker.prefixes.length = 0;
  }

  #countLength(length: number, more: number): void {
    const count = (this.#counts.get(length) ?? 0) + more;
    if (count > 0) {
      this.#counts.set(length, count);
      if (count > more) return;
      this.#lengths.push(length);
      this.#lengths.sort((a, b) => a - b);
    } else {
      this.#counts.delete(length);
      this.#lengths.splice(this.#lengths.indexOf(length), 1);
    }
  }

  /**
   * Gathers a changed key. O(length · lengths of prefixes).
   *
   * @returns whether so much is gathered that it has to be told now
   */
  gather(key: HashedBytes, author: Client | undefined): boolean {
    let isFull = false;
    const beginning = this.#beginning;
    for (const length of this.#lengths) {
      if (length > key.length) break;
      beginning.bytes = key.bytes;
      beginning.start = key.start;
      beginning.length = length;
      beginning.hash = this.#hasher.hash(key.bytes, key.start, length);
      const prefix = this.#prefixes.get(beginning);
      if (prefix === undefined) continue;
      const { keys } = prefix.value;
      if (keys.size === 0) this.#gathering.push(prefix);
      const gathered = keys.get(key) ?? keys.getOrAdd(key, () => ({ author }));
      gathered.value.author = author;
      isFull ||= keys.size >= MAX_GATHERED_KEYS;
    }
    return isFull;
  }

  /**
   * Tells of what was gathered, in the order of the prefixes' bytes, and forgets it.
   *
   * @param tell is told of a prefix's watchers and keys, those in the order of their bytes
   */
  tell(tell: (watchers: Iterable<Tracker>, keys: readonly GatheredKey[]) => void): void {
    const gathering = this.#gathering;
    this.#gathering = [];
    for (const { value: { keys, watchers } } of gathering.sort(inByteOrder)) {
      const gathered = [...keys].sort(inByteOrder);
      keys.clear();
      // Nobody is left to be told where all have gone meanwhile.
      if (gathered.length > 0) tell(watchers, gathered);
    }
  }
}
