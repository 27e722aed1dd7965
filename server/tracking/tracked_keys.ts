/**
 * The table of who may have copies of which keys: from a key, whatever its database, to the numbers of
 * the clients that have read it since it last changed.
 *
 * ```
 * key ──▶ entry ──▶ place ──▶ [entry entry entry entry …]     from which one is drawn by chance
 *                   ids   ──▶ [7 12 31]                       ascending
 * ```
 *
 * Numbers outlive their clients: what is found is looked up among those who are there, so that a
 * client with a million keys leaves without being looked for in each. A key leaves the table with all
 * its numbers when it changes, for the copies are worth nothing then.
 */

import { type HashedBytes, KeyMap, type KeyMapEntry } from "../../structures/key_map.ts";

/** Who may have copies of a key. */
interface Readers {
  /** The entry's index in the array of all. */
  place: number;
  /** Numbers of clients, ascending. */
  readonly ids: number[];
}

/** A key that was in the table, with the numbers of those who may have copies. */
export type TrackedKey = HashedBytes & { readonly value: { readonly ids: readonly number[] } };

/** See the top of the file. */
export class TrackedKeys {
  readonly #keys = new KeyMap<Readers>();
  #entries: KeyMapEntry<Readers>[] = [];
  #items = 0;

  /** Keys in the table. */
  get size(): number {
    return this.#keys.size;
  }

  /** Numbers in the table, those of a client as often as it has read another key. */
  get items(): number {
    return this.#items;
  }

  /** Notes that a client has read a key. O(length + log readers), and O(readers) for a new one. */
  add(key: HashedBytes, id: number): void {
    const entry = this.#keys.get(key);
    if (entry === undefined) {
      const added = this.#keys.getOrAdd(key, () => ({ place: this.#entries.length, ids: [id] }));
      this.#entries.push(added);
      this.#items++;
    } else if (insert(entry.value.ids, id)) this.#items++;
  }

  /** Takes a key out, if it is in. O(length). */
  take(key: HashedBytes): TrackedKey | undefined {
    const entry = this.#keys.get(key);
    if (entry !== undefined) this.#remove(entry);
    return entry;
  }

  /** Takes a key out that is chosen fairly. O(length). @returns undefined where there is none */
  takeRandom(randomInt: (bound: number) => number): TrackedKey | undefined {
    if (this.#entries.length === 0) return undefined;
    const entry = this.#entries[randomInt(this.#entries.length)];
    this.#remove(entry);
    return entry;
  }

  #remove(entry: KeyMapEntry<Readers>): void {
    this.#keys.delete(entry);
    this.#items -= entry.value.ids.length;
    const last = this.#entries.pop()!;
    if (last === entry) return;
    last.value.place = entry.value.place;
    this.#entries[last.value.place] = last;
  }

  clear(): void {
    this.#keys.clear();
    this.#entries = [];
    this.#items = 0;
  }
}

/** Puts a number in its place. @returns whether it was not there yet */
function insert(ids: number[], id: number): boolean {
  let from = 0;
  let to = ids.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ids[middle] < id) from = middle + 1;
    else to = middle;
  }
  if (ids[from] === id) return false;
  if (from === ids.length) ids.push(id);
  else ids.splice(from, 0, id);
  return true;
}
