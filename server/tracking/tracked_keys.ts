/**
 * The table of who may have copies of which keys: from a key, whatever its database, to the numbers of
 * the clients that have read it since it last changed. It is a hash as those of clients are, in the
 * arena: a million keys are no garbage to look through, and count as memory that is used.
 *
 * ```
 * hash table ──▶ field: the key │ value: 7.0 12.0 31.0      numbers, ascending, 8 bytes each
 * ```
 *
 * Numbers outlive their clients: what is found is looked up among those who are there, so that a
 * client with a million keys leaves without being looked for in each. A key leaves the table with all
 * its numbers when it changes, for the copies are worth nothing then.
 */

import { ArenaFullError, NONE, type Ref } from "../../structures/arena/arena.ts";
import { type ByteView, emptyView } from "../../structures/bytes/byte_view.ts";
import { TableFieldMap } from "../../structures/field_map/field_map_table.ts";
import type { Store } from "../keyspace/store.ts";

const NUMBER_BYTES = 8;
/** Numbers that the scratch has room for while no key has more readers. */
const KEPT_NUMBERS = 64;

/** A key that was in the table. */
export interface TrackedKey extends Readonly<ByteView> {
  /** Numbers of clients that may have copies, ascending. */
  readonly ids: readonly number[];
}

/** See the top of the file. */
export class TrackedKeys {
  readonly #store: Store;
  readonly #table: TableFieldMap;
  /** The hash, while there are keys. */
  #ref: Ref = NONE;
  #items = 0;
  readonly #view = emptyView();
  #numbers = new Float64Array(KEPT_NUMBERS);
  #bytes = new Uint8Array(this.#numbers.buffer);

  constructor(store: Store) {
    this.#store = store;
    this.#table = new TableFieldMap(store.arena, store.hasher);
  }

  /** Keys in the table. */
  get size(): number {
    return this.#ref === NONE ? 0 : this.#table.count(this.#ref);
  }

  /** Numbers in the table, those of a client as often as it has read another key. */
  get items(): number {
    return this.#items;
  }

  /**
   * Notes that a client has read a key. O(length + readers).
   *
   * @returns whether there was memory for it
   */
  add({ bytes, start, length }: Readonly<ByteView>, id: number): boolean {
    try {
      this.#add(bytes, start, length, id);
      return true;
    } catch (error) {
      if (error instanceof ArenaFullError) return false;
      throw error;
    }
  }

  #add(bytes: Uint8Array, start: number, length: number, id: number): void {
    const table = this.#table;
    if (this.#ref === NONE) this.#ref = table.create(0);
    const position = table.find(this.#ref, bytes, start, length);
    if (position === NONE) {
      this.#numbers[0] = id;
      table.insertSought(this.#ref, bytes, start, length, this.#bytes, 0, NUMBER_BYTES);
    } else {
      const count = this.#load(position);
      if (!this.#insert(count, id)) return;
      const valueBytes = (count + 1) * NUMBER_BYTES;
      table.setValue(this.#ref, position, this.#bytes, 0, valueBytes, false);
    }
    this.#items++;
  }

  /** Copies the numbers of a key into the scratch, with room for one more. @returns how many */
  #load(position: Ref): number {
    const view = this.#view;
    this.#table.readValue(this.#ref, position, view);
    const count = view.length / NUMBER_BYTES;
    if (count >= this.#numbers.length) {
      this.#numbers = new Float64Array(2 * count);
      this.#bytes = new Uint8Array(this.#numbers.buffer);
    }
    const { bytes, start, length } = view;
    for (let i = 0; i < length; i++) this.#bytes[i] = bytes[start + i];
    return count;
  }

  /** Puts a number in its place among the scratch's. @returns whether it was not there yet */
  #insert(count: number, id: number): boolean {
    const numbers = this.#numbers;
    let from = 0;
    let to = count;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (numbers[middle] < id) from = middle + 1;
      else to = middle;
    }
    if (from < count && numbers[from] === id) return false;
    numbers.copyWithin(from + 1, from, count);
    numbers[from] = id;
    return true;
  }

  /** Takes a key out, if it is in. O(length + readers). */
  take({ bytes, start, length }: Readonly<ByteView>): TrackedKey | undefined {
    if (this.#ref === NONE) return undefined;
    const position = this.#table.find(this.#ref, bytes, start, length);
    return position === NONE ? undefined : this.#take(position);
  }

  /** Takes a key out that is chosen fairly. O(length + readers). @returns undefined: there is none */
  takeRandom(): TrackedKey | undefined {
    if (this.size === 0) return undefined;
    return this.#take(this.#table.random(this.#ref, this.#store.randomInt));
  }

  #take(position: Ref): TrackedKey {
    const table = this.#table;
    const count = this.#load(position);
    const view = this.#view;
    table.readMember(this.#ref, position, view);
    const bytes = view.bytes.slice(view.start, view.start + view.length);
    const ids = Array.from(this.#numbers.subarray(0, count));
    table.remove(this.#ref, position);
    this.#items -= count;
    return { bytes, start: 0, length: bytes.length, ids };
  }

  /** Drops everything, in the background. O(1). */
  clear(): void {
    if (this.#ref !== NONE) this.#store.values.freeMembers(this.#ref);
    this.#ref = NONE;
    this.#items = 0;
    this.#numbers = new Float64Array(KEPT_NUMBERS);
    this.#bytes = new Uint8Array(this.#numbers.buffer);
  }
}
