/**
 * A large sorted set: every element is in an AVL tree, which knows the order, and in a hash table,
 * which knows the members.
 *
 * ```
 * root block, 32 bytes   ┌───────────┬───────┬──────┬───────────┬────────────┬───┬─────────────────┐
 *                        │ tree root │ first │ last │ number of │ hash table │ - │ bytes of all    │
 *                        │           │ node  │ node │ nodes     │            │   │ elements, double│
 *                        └─────┬─────┴───────┴──────┴───────────┴──────┬─────┴───┴─────────────────┘
 *       avl_tree.ts            └─▶ nodes ──▶ blocks ──▶ elements ◀─────┘        hash_table.ts
 * word                   0           1       2      3           4                6, 7
 * ```
 */

import { assert } from "../assert.ts";
import { Arena, type Ref } from "../arena/arena.ts";
import { AvlTree } from "./avl_tree.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { ExpectedLookups } from "../hash_table/expected_lookups.ts";
import { HashTable } from "../hash_table/hash_table.ts";
import { growthBytes } from "../hash_table/hash_table_growth.ts";
import type { Shape } from "../lazy_free/reclaimer.js";
import {
  createElement,
  memberIs,
  memberLength,
  memberStart,
  scoreOf,
} from "./sorted_set_element.ts";
import { ScoreChanges } from "./score_changes.ts";
import type { SortedSetOperations } from "./sorted_set_operations.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { BLOCK, BLOCK_BYTES, FIRST_NODE, MEMBER_AT, NEXT, NODE_BYTES, ROOT } = setLayout;

// Behind the words of the tree.
const TABLE = 4;
const BYTES_DOUBLE = 3;
const ROOT_BYTES = 32;
/** More than an element takes beside its member, a quarter of which rounding may add. */
const ELEMENT_OVERHEAD_BYTES = 32;
/** A word of an element in its member. */
const FAR_WORD = 6;

/**
 * What a large sorted set consists of, for those who free it from afar: its root block, the blocks
 * of the hash table, the elements, each one block, which the table refers to, and the nodes of the
 * tree, each of which owns a block and knows the next.
 */
export const TREE_SORTED_SET_SHAPE: Shape = {
  tableWord: TABLE,
  children: null,
  chain: { headWord: FIRST_NODE, nextWord: NEXT, blockWord: BLOCK },
};

/** See the top of the file. An element is its reference, a position one of the tree's. */
export class TreeSortedSet implements SortedSetOperations {
  readonly #arena: Arena;
  readonly #hasher: KeyHasher;
  readonly #table: HashTable;
  readonly #tree: AvlTree;
  readonly #changes: ScoreChanges;
  readonly #lookups: ExpectedLookups;

  constructor(arena: Arena, hasher: KeyHasher) {
    this.#arena = arena;
    this.#hasher = hasher;
    this.#table = new HashTable(arena, (element) => {
      const bytes = arena.bytes[element >>> SEGMENT_SHIFT];
      return hasher.hash(bytes, memberStart(element), memberLength(arena, element));
    });
    this.#tree = new AvlTree(arena);
    this.#changes = new ScoreChanges(arena.words, arena.doubles);
    this.#lookups = new ExpectedLookups(arena.words, this.#table, FAR_WORD);
  }

  /**
   * A set of the same elements as another. O(n): they arrive in order, so that none is compared.
   *
   * @throws {ArenaFullError} when the arena has no room; then nothing was allocated
   */
  createFrom(source: SortedSetOperations, from: Ref): Ref {
    const view = emptyView();
    const ref = this.create(source.count(from) + 1);
    try {
      const table = this.tableOf(ref);
      for (let at = source.first(from); at !== 0; at = source.next(from, at)) {
        source.readMember(from, at, view);
        const score = source.scoreAt(from, at);
        const hash = this.#hasher.hash(view.bytes, view.start, view.length);
        const element = this.#createIn(table, score, view.bytes, view.start, view.length, hash);
        this.#addBytes(ref, blockBytes(view.length));
        this.#tree.append(ref, element, score);
      }
      this.#tree.finish(ref);
    } catch (error) {
      this.destroy(ref);
      throw error;
    }
    return ref;
  }

  /** A set of the same elements, in blocks of its own. O(n). @throws {ArenaFullError} */
  copy(ref: Ref): Ref {
    return this.createFrom(this, ref);
  }

  /**
   * Has the arena reserve what so many more elements take beside their own bytes; of a set that is to
   * be converted, NONE, also what `bytes` bytes of members in it take. O(1).
   *
   * @throws {ArenaFullError}
   */
  reserve(ref: Ref, elements: number, bytes: number): void {
    const table = ref === NONE ? NONE : this.#word(ref, TABLE);
    const treeBytes = elements * (ELEMENT_OVERHEAD_BYTES + NODE_BYTES + BLOCK_BYTES);
    this.#arena.reserveMore(
      ROOT_BYTES + treeBytes + 2 * bytes + growthBytes(this.#arena, table, elements),
    );
  }

  /**
   * A new empty set.
   *
   * @param expected how many elements it is going to have, about
   * @throws {ArenaFullError}
   */
  create(expected: number = 0): Ref {
    const ref = this.#arena.allocateZeroed(ROOT_BYTES);
    try {
      this.#arena.setWord(ref, TABLE, this.#table.create(expected));
    } catch (error) {
      this.#arena.free(ref);
      throw error;
    }
    return ref;
  }

  /** The hash table of a set's elements. O(1). */
  tableOf(ref: Ref): Ref {
    return this.#word(ref, TABLE);
  }

  /**
   * Adds an element of {@linkcode createElement} to the table alone, with its member's hash. All other
   * operations have to wait for {@linkcode orderAs}, but {@linkcode abandon}.
   *
   * @throws {ArenaFullError} nothing has changed then
   */
  addUnordered(ref: Ref, element: Ref, hash: number): void {
    this.#table.insert(this.tableOf(ref), element, hash);
    this.#addBytes(ref, blockBytes(memberLength(this.#arena, element)));
  }

  /**
   * Makes the tree over all elements that {@linkcode addUnordered} has added, given in order with
   * their scores. O(n).
   *
   * @throws {ArenaFullError} the set is then good for {@linkcode abandon} alone
   */
  orderAs(ref: Ref, elements: Int32Array, scores: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) this.#tree.append(ref, elements[i], scores[i]);
    this.#tree.finish(ref);
  }

  #word(ref: Ref, index: number): number {
    return this.#arena.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index];
  }

  #addBytes(ref: Ref, change: number): void {
    this.#arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + BYTES_DOUBLE] += change;
  }

  count(ref: Ref): number {
    return this.#tree.count(ref);
  }

  first(ref: Ref): Ref {
    return this.#tree.first(ref);
  }

  last(ref: Ref): Ref {
    return this.#tree.last(ref);
  }

  next(_ref: Ref, position: Ref): Ref {
    return this.#tree.next(position);
  }

  previous(_ref: Ref, position: Ref): Ref {
    return this.#tree.previous(position);
  }

  at(ref: Ref, rank: number): Ref {
    return this.#tree.at(ref, rank);
  }

  rankOf(_ref: Ref, position: Ref): number {
    return this.#tree.rankOf(position);
  }

  offset(_ref: Ref, position: Ref, delta: number): Ref {
    return this.#tree.offset(position, delta);
  }

  find(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    const hash = this.#hasher.hash(bytes, start, length);
    const table = this.#word(ref, TABLE);
    let element = this.#table.first(table, hash);
    while (element !== NONE && !memberIs(this.#arena, element, bytes, start, length)) {
      element = this.#table.next(table, element, hash);
    }
    return element;
  }

  seekScore(ref: Ref, score: number, inclusive: boolean): Ref {
    return this.#tree.seekScore(ref, score, inclusive);
  }

  seekMember(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    inclusive: boolean,
  ): Ref {
    return this.#tree.seekMember(ref, bytes, start, length, inclusive);
  }

  seekPair(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref {
    return this.#tree.seekScoreMember(ref, score, bytes, start, length);
  }

  scoreOf(_ref: Ref, element: Ref): number {
    return scoreOf(this.#arena, element);
  }

  positionOf(_ref: Ref, element: Ref): number {
    return this.#tree.positionOf(element);
  }

  scoreAt(_ref: Ref, position: number): number {
    return this.#tree.scoreAt(position);
  }

  readMember(_ref: Ref, position: number, view: ByteView): void {
    const element = this.#tree.elementAt(position);
    view.bytes = this.#arena.bytes[element >>> SEGMENT_SHIFT];
    view.start = memberStart(element);
    view.length = memberLength(this.#arena, element);
  }

  preload(_ref: Ref, position: number, count: number, backwards: boolean): number {
    return this.#tree.load(position, count, backwards);
  }

  insert(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref {
    const table = this.#word(ref, TABLE);
    const hash = this.#hasher.hash(bytes, start, length);
    const element = this.#createIn(table, score, bytes, start, length, hash);
    try {
      this.#tree.insert(ref, element, score);
    } catch (error) {
      this.#table.remove(table, element);
      this.#arena.free(element);
      throw error;
    }
    this.#addBytes(ref, blockBytes(length));
    return ref;
  }

  #createIn(
    table: Ref,
    score: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    hash: number,
  ): Ref {
    const element = createElement(this.#arena, score, bytes, start, length);
    try {
      this.#table.insert(table, element, hash);
    } catch (error) {
      this.#arena.free(element);
      throw error;
    }
    return element;
  }

  setScore(ref: Ref, position: number, score: number): Ref {
    this.#tree.setScore(ref, position, score);
    return ref;
  }

  /**
   * Notes for {@linkcode prefetch} that a member, of the set or new, gets a score. O(length).
   *
   * @returns whether there was room for it
   */
  expectScore(score: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.#changes.isFull) return false;
    this.#changes.add(score, this.#hasher.hash(bytes, start, length));
    return true;
  }

  /** As {@linkcode expectScore}, where the member is only looked for. */
  expectMember(bytes: Uint8Array, start: number, length: number): boolean {
    if (this.#lookups.isFull) return false;
    this.#lookups.add(this.#hasher.hash(bytes, start, length));
    return true;
  }

  /**
   * Loads what was noted since the last time will look at, so that the waits for memory overlap. It
   * changes nothing. O(changes × log n + members).
   */
  prefetch(ref: Ref): void {
    const table = this.#word(ref, TABLE);
    const changes = this.#changes;
    const { hashes, elements, count } = changes;
    if (count > 0) {
      this.#table.candidates(table, hashes, elements, count);
      changes.walk(this.#word(ref, ROOT));
      changes.count = 0;
    }
    this.#lookups.load(table);
  }

  remove(ref: Ref, position: number, count: number): Ref {
    const tree = this.#tree;
    let at = position;
    for (let left = count; left > 0 && at !== NONE;) {
      const run = Math.min(left, tree.runFrom(at));
      for (let i = 0; i < run; i++) this.#free(ref, tree.elementAt(at + i));
      at = tree.remove(ref, at, run);
      left -= run;
    }
    return ref;
  }

  /** Takes an element out of the table and frees it; to the tree it is only a number. */
  #free(ref: Ref, element: Ref): void {
    this.#table.remove(this.#word(ref, TABLE), element);
    this.#addBytes(ref, -blockBytes(memberLength(this.#arena, element)));
    this.#arena.free(element);
  }

  destroy(ref: Ref): void {
    this.#table.forEach(this.tableOf(ref), (element) => this.#arena.free(element));
    this.abandon(ref);
  }

  /** Frees all of a set but its elements. O(nodes + buckets). */
  abandon(ref: Ref): void {
    this.#table.destroy(this.tableOf(ref));
    this.#tree.destroy(ref);
    this.#arena.free(ref);
  }

  memoryBytes(ref: Ref): number {
    return this.#arena.capacity(ref) + this.#table.memoryBytes(this.#word(ref, TABLE)) +
      this.#tree.memoryBytes(ref) +
      this.#arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + BYTES_DOUBLE];
  }

  verify(ref: Ref): void {
    const arena = this.#arena;
    const table = this.#word(ref, TABLE);
    this.#tree.verify(ref);
    this.#table.verify(table);
    assert(this.#table.size(table) === this.count(ref), "tree and table differ in size");
    let bytes = 0;
    for (let at = this.first(ref); at !== NONE; at = this.#tree.next(at)) {
      const element = this.#tree.elementAt(at);
      const own = arena.bytes[element >>> SEGMENT_SHIFT];
      const length = memberLength(arena, element);
      assert(
        this.find(ref, own, memberStart(element), length) === element,
        "an element that the table does not find",
      );
      bytes += arena.capacity(element);
    }
    const counted = arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + BYTES_DOUBLE];
    assert(bytes === counted, `elements take ${bytes} bytes, ${counted} counted`);
  }
}

/** Bytes that an element with a member of this length takes. */
function blockBytes(length: number): number {
  return Arena.blockBytes(MEMBER_AT + length);
}
