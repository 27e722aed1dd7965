/**
 * Set algebra: what several sets or sorted sets have in common, what only the first has, and what is
 * in any. All of it goes by batches of members (member_batch.ts):
 *
 * ```
 *   sources ──▶ walked: source 0 ──fill──▶ batch ──find in 1, keep──▶ find in 2, keep ──▶ …  answer
 *                                                 those found for what is common,
 *                                                 those not found for a difference
 * ```
 *
 * One object serves a store, one operation at a time. It changes none of its sources.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { MemberSet, SetEncoding, type SetLimits } from "../set/member_set.ts";
import { MEMBER_LENGTH, SET_HEADER_BYTES } from "../set/member_table.ts";
import { RefList } from "../set/ref_list.ts";
import type { SortedSetLimits } from "../sorted_set/sorted_set.ts";
import { BatchLookup } from "./batch_lookup.ts";
import { BATCH_MEMBERS, MemberBatch } from "./member_batch.ts";
import { MemberSource } from "./member_source.ts";
import { type Aggregate, aggregated, SortedResult } from "./sorted_result.ts";
import { SourceList } from "./source_list.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;

/** See the top of the file. */
export class MemberAlgebra {
  readonly sources: SourceList = new SourceList();
  /** The members at hand. */
  readonly batch: MemberBatch;
  /** A set that belongs to nobody yet. */
  readonly set: MemberSet;
  /** A sorted set that belongs to nobody yet. */
  sorted: SortedResult;
  readonly #newSorted: () => SortedResult;
  /** Where in the first source what was collected is. */
  places: RefList = new RefList();
  readonly #walked: MemberSource;
  #isWalking = false;
  readonly #other: MemberSource;
  readonly #lookup: BatchLookup;
  readonly #found = new Int32Array(BATCH_MEMBERS);
  readonly #scores = new Float64Array(BATCH_MEMBERS);

  /** @param sets, sortedSets kept, not copied */
  constructor(arena: Arena, hasher: KeyHasher, sets: SetLimits, sortedSets: SortedSetLimits) {
    this.batch = new MemberBatch(arena, hasher);
    this.set = new MemberSet(arena, hasher, sets);
    this.#newSorted = () => new SortedResult(arena, hasher, sortedSets);
    this.sorted = this.#newSorted();
    this.#walked = new MemberSource(arena, hasher);
    this.#other = new MemberSource(arena, hasher);
    this.#lookup = new BatchLookup(arena, MEMBER_LENGTH, SET_HEADER_BYTES);
  }

  /** Adds a value to the sources. O(1). */
  addSource(isSorted: boolean, encoding: number, ref: number): void {
    this.sources.add(isSorted, encoding, ref, this.#other);
  }

  /** Begins a walk over the `i`-th source. */
  walk(i: number): void {
    this.#isWalking = this.sources.open(i, this.#walked);
  }

  /** Makes the batch the next members of the walk; answers whether there are any. O(members). */
  next(): boolean {
    this.batch.begin(false);
    if (this.#isWalking) this.#walked.fill(this.batch);
    return this.batch.count > 0;
  }

  /** Whether the batch is the last of the walk. */
  get isLast(): boolean {
    return !this.#isWalking || this.#walked.isAtEnd;
  }

  /** Makes the batch the next members that all other sources have too; false at the end. */
  nextCommon(): boolean {
    return this.#nextKept(true);
  }

  /** Makes the batch the next members that no other source has; false at the end. */
  nextOwn(): boolean {
    return this.#nextKept(false);
  }

  #nextKept(wasFound: boolean): boolean {
    const { batch, sources } = this;
    while (this.next()) {
      for (let i = 1; i < sources.count && batch.count > 0; i++) this.#keep(i, wasFound);
      if (batch.count > 0) return true;
    }
    return false;
  }

  /** Walks the first source, and collects where the members are that all others have, or none has. */
  collect(areCommon: boolean): void {
    this.walk(0);
    this.#nextKept(areCommon);
    this.collectRest(areCommon);
  }

  /** As {@linkcode MemberAlgebra.collect}, of a walk whose first batch is at hand. */
  collectRest(areCommon: boolean): void {
    const { batch, places } = this;
    places.clear();
    do {
      for (let i = 0; i < batch.count; i++) places.push(batch.positions[i]);
    } while (this.#nextKept(areCommon));
  }

  /** Makes the batch what was collected, from the `from`-th on; answers how many that are. */
  read(from: number): number {
    return this.readAt(this.sources.encoding(0), this.sources.ref(0), this.places, from);
  }

  /** Makes the batch what is at places of a set, from the `from`-th on; answers how many that are. */
  readAt(encoding: number, ref: Ref, places: RefList, from: number): number {
    this.#walked.open(false, encoding, ref);
    return this.#walked.fillAt(this.batch, places, from);
  }

  /** Hands over what was collected. */
  takePlaces(): RefList {
    const { places } = this;
    this.places = new RefList();
    return places;
  }

  /** Hands over the sorted set that belongs to nobody. */
  takeSorted(): SortedResult {
    const { sorted } = this;
    this.sorted = this.#newSorted();
    return sorted;
  }

  /** Keeps those of the batch that the `i`-th source has, or has not. */
  #keep(i: number, wasFound: boolean): void {
    if (!this.sources.open(i, this.#other)) {
      if (wasFound) this.batch.count = 0;
      return;
    }
    this.#other.find(this.batch, this.#found, this.#scores);
    this.batch.keep(this.#found, wasFound);
  }

  /** As {@linkcode MemberAlgebra.nextCommon}, with the scores of all sources made one. */
  nextCommonScored(aggregate: Aggregate): boolean {
    const { batch, sources } = this;
    const { scores } = batch;
    while (this.next()) {
      this.weigh(0);
      for (let i = 1; i < sources.count && batch.count > 0; i++) {
        if (!sources.open(i, this.#other)) return false;
        this.#other.find(batch, this.#found, this.#scores);
        const weight = sources.weight(i);
        for (let j = 0; j < batch.count; j++) {
          if (this.#found[j] === 0) continue;
          scores[j] = aggregated(scores[j], this.#scores[j] * weight, aggregate);
        }
        batch.keep(this.#found, true);
      }
      if (batch.count > 0) return true;
    }
    return false;
  }

  /** Multiplies the scores of the batch by the weight of the `i`-th source; no number becomes 0. */
  weigh(i: number): void {
    const { count, scores } = this.batch;
    const weight = this.sources.weight(i);
    for (let j = 0; j < count; j++) {
      const score = scores[j] * weight;
      scores[j] = Number.isNaN(score) ? 0 : score;
    }
  }

  /**
   * Adds the batch to a set. O(members).
   *
   * @param areNew whether the set is known to have none of them
   * @throws {ArenaFullError} some may have been added
   */
  addTo(set: MemberSet, areNew: boolean): void {
    const { batch } = this;
    const found = this.#found;
    if (
      batch.holdsIntegers && set.addRising(batch.lows, batch.highs, batch.count, found)
    ) return;
    if (set.encoding !== SetEncoding.Table) {
      if (!areNew) {
        this.#other.open(false, set.encoding, set.ref);
        this.#other.find(batch, found, this.#scores);
        batch.keep(found, false);
      }
      set.expectMore(batch.count);
    }
    batch.writeTexts();
    const { count, lengths, starts } = batch;
    let i = 0;
    for (; i < count && set.encoding !== SetEncoding.Table; i++) {
      set.addNew(batch.bytesOf(i), starts[i], lengths[i]);
    }
    if (i === count) return;
    this.#lookup.find(set.table, batch, found);
    const hashes = batch.hashes();
    for (; i < count; i++) {
      if (found[i] === NONE) set.addHashed(batch.bytesOf(i), starts[i], lengths[i], hashes[i]);
    }
  }

  /** Takes the batch out of a set. O(members) in a table, else O(members × n). */
  takeFrom(set: MemberSet): void {
    const { batch } = this;
    batch.writeTexts();
    const { count, lengths, starts } = batch;
    if (set.encoding !== SetEncoding.Table) {
      for (let i = 0; i < count; i++) set.remove(batch.bytesOf(i), starts[i], lengths[i]);
      return;
    }
    const found = this.#found;
    this.#lookup.find(set.table, batch, found);
    for (let i = 0; i < count; i++) {
      if (found[i] === NONE) continue;
      set.position = found[i];
      set.removeCurrent();
    }
  }

  /** Lists where in the `i`-th source the members of the batch are. O(members). */
  placesIn(i: number): Int32Array {
    if (this.sources.open(i, this.#other)) {
      this.#other.find(this.batch, this.#found, this.#scores);
    } else this.#found.fill(0);
    return this.#found;
  }
}
