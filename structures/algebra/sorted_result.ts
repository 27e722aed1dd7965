/**
 * A sorted set in the making: members come in batches, in any order, and are then sorted once and for
 * all, so that its tree is built from below and nothing is ever moved in it.
 *
 * ```
 *   batches ──▶ elements, in a hash table ──▶ sorted by (score, member) ──▶ the tree over them
 *               one for each member, its          scored_order.ts            or a listpack,
 *               score as it is so far                                        or a reply
 * ```
 *
 * The table is there from the beginning only where members may come more than once.
 *
 * Until it is handed over it belongs to nobody: {@linkcode SortedResult.discard} frees it.
 */

import { type Arena, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { MAX_LISTPACK_BYTES } from "../listpack/listpack_entry.ts";
import {
  type SortedSet,
  SortedSetEncoding,
  type SortedSetLimits,
} from "../sorted_set/sorted_set.ts";
import {
  compareElements,
  createElement,
  LENGTH,
  memberLength,
  memberStart,
  scoreOf,
  setScoreOf,
} from "../sorted_set/sorted_set_element.ts";
import * as setLayout from "../sorted_set/sorted_set_layout.ts";
import { ListpackSortedSet } from "../sorted_set/sorted_set_listpack.ts";
import { TreeSortedSet } from "../sorted_set/sorted_set_tree.ts";
import { BatchLookup } from "./batch_lookup.ts";
import { BATCH_MEMBERS, type MemberBatch } from "./member_batch.ts";
import { ScoredOrder } from "./scored_order.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_SHIFT } = arenaLayout;
const { MEMBER_AT } = setLayout;

/** How scores of one member in several sources become one. */
export const Aggregate = { Sum: 0, Min: 1, Max: 2 } as const;
export type Aggregate = typeof Aggregate[keyof typeof Aggregate];
const { Min: MIN, Sum: SUM } = Aggregate;

/** One score of two. Infinities of both signs add up to 0; what is not a number is never chosen. */
export function aggregated(score: number, other: number, aggregate: Aggregate): number {
  if (aggregate === SUM) {
    const sum = score + other;
    return Number.isNaN(sum) ? 0 : sum;
  }
  if (aggregate === MIN) return other < score ? other : score;
  return other > score ? other : score;
}

/** See the top of the file. */
export class SortedResult {
  /** Member of the element that {@linkcode SortedResult.read} was pointed at. */
  readonly member: ByteView = emptyView();
  score = 0;
  readonly #arena: Arena;
  readonly #limits: SortedSetLimits;
  readonly #tree: TreeSortedSet;
  readonly #listpack: ListpackSortedSet;
  readonly #lookup: BatchLookup;
  readonly #order: ScoredOrder;
  readonly #found = new Int32Array(BATCH_MEMBERS);
  readonly #hasher: KeyHasher;
  /** The set whose table has the elements, where they are looked up while they come. */
  #ref: Ref = NONE;
  /** Of the members: the longest, and all together. */
  #longestBytes = 0;
  #totalBytes = 0;

  /** @param limits kept, not copied */
  constructor(arena: Arena, hasher: KeyHasher, limits: SortedSetLimits) {
    this.#arena = arena;
    this.#hasher = hasher;
    this.#limits = limits;
    this.#tree = new TreeSortedSet(arena, hasher);
    this.#listpack = new ListpackSortedSet(arena);
    this.#lookup = new BatchLookup(arena, LENGTH, MEMBER_AT);
    this.#order = new ScoredOrder((a, b) => compareElements(arena, a, b));
  }

  /**
   * Begins a set.
   *
   * @param merges whether members may come more than once
   * @param expected at least so many members are going to be in it
   * @throws {ArenaFullError}
   */
  begin(merges: boolean, expected: number): void {
    this.#longestBytes = 0;
    this.#totalBytes = 0;
    this.#order.begin(expected);
    if (merges) this.#ref = this.#tree.create(expected);
  }

  /** Number of members so far. */
  get count(): number {
    return this.#order.count;
  }

  /** Adds members that it does not have. O(members). @throws {ArenaFullError} */
  add(batch: MemberBatch): void {
    batch.writeTexts();
    for (let i = 0; i < batch.count; i++) this.#add(batch, i);
  }

  #add(batch: MemberBatch, i: number): void {
    const length = batch.lengths[i];
    const score = batch.scores[i];
    const element = createElement(
      this.#arena,
      score,
      batch.bytesOf(i),
      batch.starts[i],
      length,
    );
    this.#order.push(element, score);
    this.#totalBytes += length;
    if (length > this.#longestBytes) this.#longestBytes = length;
    if (this.#ref !== NONE) this.#tree.addUnordered(this.#ref, element, batch.hashes()[i]);
  }

  /** Adds members, or their scores to those that it has. O(members). @throws {ArenaFullError} */
  merge(batch: MemberBatch, aggregate: Aggregate): void {
    const found = this.#found;
    const arena = this.#arena;
    this.#lookup.find(this.#tree.tableOf(this.#ref), batch, found);
    for (let i = 0; i < batch.count; i++) {
      const element = found[i];
      if (element === NONE) this.#add(batch, i);
      else {
        setScoreOf(arena, element, aggregated(scoreOf(arena, element), batch.scores[i], aggregate));
      }
    }
  }

  /**
   * Puts the members in order, once all are there. O(n × log n) at the most.
   *
   * @param wasMerged whether scores may have changed since they were added
   */
  sort(wasMerged: boolean): void {
    const order = this.#order;
    if (wasMerged) {
      const { count, refs, scores } = order;
      for (let i = 0; i < count; i++) scores[i] = scoreOf(this.#arena, refs[i]);
    }
    order.sort();
  }

  /** Points `member` and `score` at the element of a rank. Sorted sets only. O(1). */
  read(rank: number): void {
    const element = this.#order.refs[rank];
    this.score = this.#order.scores[rank];
    this.member.bytes = this.#arena.bytes[element >>> SEGMENT_SHIFT];
    this.member.start = memberStart(element);
    this.member.length = memberLength(this.#arena, element);
  }

  /**
   * Makes it the value of a view, whose own, empty one goes; a listpack where the limits let it be one.
   * O(n).
   *
   * @throws {ArenaFullError} the view is then as before
   */
  moveTo(view: SortedSet): void {
    const isSmall = this.#fitsListpack();
    const ref = isSmall ? this.#toListpack() : this.#toTree();
    view.destroy();
    view.open(isSmall ? SortedSetEncoding.Listpack : SortedSetEncoding.Tree, ref);
    this.discard();
  }

  #fitsListpack(): boolean {
    const { maxListpackEntries, maxListpackValueBytes } = this.#limits;
    return this.count <= maxListpackEntries && this.#longestBytes <= maxListpackValueBytes &&
      this.#totalBytes <= MAX_LISTPACK_BYTES / 2;
  }

  #toListpack(): Ref {
    let ref = this.#listpack.create();
    try {
      for (let rank = 0; rank < this.count; rank++) {
        this.read(rank);
        const { bytes, start, length } = this.member;
        ref = this.#listpack.append(ref, this.score, bytes, start, length);
      }
    } catch (error) {
      this.#listpack.destroy(ref);
      throw error;
    }
    return ref;
  }

  #toTree(): Ref {
    const { refs, scores } = this.#order;
    const tree = this.#tree;
    if (this.#ref === NONE) {
      this.#ref = tree.create(this.count);
      for (let i = 0; i < this.count; i++) {
        tree.addUnordered(this.#ref, refs[i], this.#hash(refs[i]));
      }
    }
    const ref = this.#ref;
    tree.orderAs(ref, refs, scores, this.count);
    this.#ref = NONE;
    this.#order.begin(0);
    return ref;
  }

  #hash(element: Ref): number {
    const bytes = this.#arena.bytes[element >>> SEGMENT_SHIFT];
    return this.#hasher.hash(bytes, memberStart(element), memberLength(this.#arena, element));
  }

  /** Frees what was not handed over. O(n). */
  discard(): void {
    const ref = this.#ref;
    this.#ref = NONE;
    if (ref !== NONE) this.#tree.abandon(ref);
    const { count, refs } = this.#order;
    for (let i = 0; i < count; i++) this.#arena.free(refs[i]);
    this.#order.begin(0);
  }
}
