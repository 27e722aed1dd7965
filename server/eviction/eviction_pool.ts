/**
 * The eviction pool: the best candidates of all samples so far.
 *
 * A sample of five entries has seldom one of the very oldest. So what a sample finds is compared with
 * what earlier ones have left, and the best are kept: after a few samples the pool has entries from the
 * oldest few percent. (The idea is Redis's, whose pool has sixteen; here as many more are kept, as so
 * many may be taken out between two samples.)
 *
 * ```
 *   sample ─▶ offer ─▶ │ worst │ … │ … │ best │ ─▶ take        numbers: rank × 32 + place
 *               └ falls out ◀┘   rank falls ▶                           │
 *                                                    entries, hashes, databases, by place
 * ```
 *
 * An entry is remembered by its reference and the hash of its key, and may be gone when its turn comes:
 * its block may be anything then. Whoever takes one looks it up before it reads a word of it.
 */

import type { Ref } from "../../structures/arena/arena.ts";

/** Candidates that are kept. */
export const POOL_SIZE = 32;

export class EvictionPool {
  #size = 0;
  /** Above this, no candidate has a place in a full pool. */
  #worst = Infinity;
  /** Sorted, so that one number moves where another comes between; behind the size: free places. */
  readonly #order = new Float64Array(POOL_SIZE);
  readonly #entries = new Int32Array(POOL_SIZE);
  readonly #hashes = new Int32Array(POOL_SIZE);
  readonly #databases = new Int32Array(POOL_SIZE);

  /** The candidate that was taken last. */
  rank = 0;
  entry: Ref = 0;
  hash = 0;
  database = 0;

  constructor() {
    this.clear();
  }

  get size(): number {
    return this.#size;
  }

  /** Whether a candidate of this rank, the lower the better, has a place. O(1). */
  accepts(rank: number): boolean {
    return rank < this.#worst;
  }

  /** Whether an entry is in the pool. O(pool). */
  has(database: number, entry: Ref): boolean {
    const entries = this.#entries;
    for (let place = 0; place < POOL_SIZE; place++) {
      if (entries[place] === entry && this.#databases[place] === database) return true;
    }
    return false;
  }

  /**
   * Takes a candidate in that is accepted and not in yet; the worst goes for it if it must. O(pool).
   *
   * @param rank an integer of at most 47 bits
   */
  add(rank: number, database: number, entry: Ref, hash: number): void {
    const order = this.#order;
    let at: number;
    let place: number;
    if (this.#size < POOL_SIZE) {
      at = this.#size++;
      place = order[at];
      const number = rank * POOL_SIZE + place;
      for (; at > 0 && order[at - 1] < number; at--) order[at] = order[at - 1];
    } else {
      place = placeOf(order[0]);
      const number = rank * POOL_SIZE + place;
      for (at = 0; at < POOL_SIZE - 1 && order[at + 1] > number; at++) order[at] = order[at + 1];
    }
    order[at] = rank * POOL_SIZE + place;
    this.#entries[place] = entry;
    this.#hashes[place] = hash;
    this.#databases[place] = database;
    if (this.#size === POOL_SIZE) this.#worst = rankOf(order[0]);
  }

  /** Takes the best candidate out, into the fields. O(1). @returns whether there was one */
  take(): boolean {
    if (this.#size === 0) return false;
    const order = this.#order;
    const at = --this.#size;
    const place = placeOf(order[at]);
    this.rank = rankOf(order[at]);
    this.entry = this.#entries[place];
    this.hash = this.#hashes[place];
    this.database = this.#databases[place];
    this.#entries[place] = 0;
    order[at] = place;
    this.#worst = Infinity;
    return true;
  }

  /** Forgets all candidates: ranks are about to mean something else. */
  clear(): void {
    this.#size = 0;
    this.#worst = Infinity;
    this.#entries.fill(0);
    for (let place = 0; place < POOL_SIZE; place++) this.#order[place] = place;
  }
}

function rankOf(number: number): number {
  return Math.floor(number / POOL_SIZE);
}

function placeOf(number: number): number {
  return number - rankOf(number) * POOL_SIZE;
}
