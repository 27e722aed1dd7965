/**
 * The eviction pool: the best candidates of all samples so far.
 *
 * A sample of five entries has seldom one of the very oldest. So what a sample finds is compared with
 * what earlier ones have left, and the best sixteen are kept: after a few samples the pool has entries
 * from the oldest few percent. (The idea is Redis's.)
 *
 * ```
 *   sample ─▶ offer ─▶ │ worst │ … │ … │ best │ ─▶ take
 *               └ falls out ◀┘   rank falls ▶
 * ```
 *
 * An entry is remembered by its reference and the hash of its key, and may be gone when its turn comes:
 * its block may be anything then. Whoever takes one looks it up before it reads a word of it.
 */

import type { Ref } from "../../structures/arena/arena.ts";

/** Candidates that are kept. */
const POOL_SIZE = 16;

export class EvictionPool {
  #size = 0;
  readonly #ranks = new Float64Array(POOL_SIZE);
  readonly #entries = new Int32Array(POOL_SIZE);
  readonly #hashes = new Int32Array(POOL_SIZE);
  readonly #databases = new Int32Array(POOL_SIZE);

  /** The candidate that was taken last. */
  rank = 0;
  entry: Ref = 0;
  hash = 0;
  database = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether a candidate of this rank, the lower the better, has a place. O(1). */
  accepts(rank: number): boolean {
    return this.#size < POOL_SIZE || rank < this.#ranks[0];
  }

  /** Whether an entry is in the pool. O(pool). */
  has(database: number, entry: Ref): boolean {
    const entries = this.#entries;
    for (let i = 0; i < this.#size; i++) {
      if (entries[i] === entry && this.#databases[i] === database) return true;
    }
    return false;
  }

  /** Takes a candidate in that is accepted and not in yet; the worst goes for it if it must. O(pool). */
  add(rank: number, database: number, entry: Ref, hash: number): void {
    const ranks = this.#ranks;
    let at: number;
    if (this.#size < POOL_SIZE) {
      for (at = this.#size++; at > 0 && ranks[at - 1] < rank; at--) this.#copy(at - 1, at);
    } else {
      for (at = 0; at < POOL_SIZE - 1 && ranks[at + 1] > rank; at++) this.#copy(at + 1, at);
    }
    ranks[at] = rank;
    this.#entries[at] = entry;
    this.#hashes[at] = hash;
    this.#databases[at] = database;
  }

  #copy(from: number, to: number): void {
    this.#ranks[to] = this.#ranks[from];
    this.#entries[to] = this.#entries[from];
    this.#hashes[to] = this.#hashes[from];
    this.#databases[to] = this.#databases[from];
  }

  /** Takes the best candidate out, into the fields. O(1). @returns whether there was one */
  take(): boolean {
    if (this.#size === 0) return false;
    const at = --this.#size;
    this.rank = this.#ranks[at];
    this.entry = this.#entries[at];
    this.hash = this.#hashes[at];
    this.database = this.#databases[at];
    return true;
  }

  /** Forgets all candidates: ranks are about to mean something else. */
  clear(): void {
    this.#size = 0;
  }
}
