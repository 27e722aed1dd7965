/**
 * A large sorted set: every element is a node of an AVL tree, which knows the order, and of a hash
 * table, which knows the members.
 *
 * ```
 * root block, 16 bytes   ┌────────────┬───────────┬──────────────────────────────┐
 *                        │ hash table │ tree root │ bytes of all element blocks  │
 *                        └─────┬──────┴─────┬─────┴────────────── (a double) ────┘
 *       descriptor, directory, chunks       │
 *                              └─▶ element ◀┘       sorted_set_element.ts
 * word                   0            1           2, 3
 * ```
 */

import { assert } from "@std/assert/assert";
import { Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";
import { AvlTree } from "./avl_tree.ts";
import { link, setLink } from "./avl_balance.ts";
import type { KeyHasher } from "./hash.ts";
import { HashTable } from "./hash_table.ts";
import type { Shape } from "./reclaimer.js";
import {
  compareMember,
  createElement,
  LEFT,
  MEMBER_AT,
  memberIs,
  memberLength,
  memberStart,
  RIGHT,
  scoreOf,
} from "./sorted_set_element.ts";
import { ScoreChanges } from "./score_changes.ts";
import type { MemberView, SortedSetEncoding } from "./sorted_set_encoding.ts";

const TABLE = 0;
const TREE_ROOT = 1;
const ROOT_BYTES = 16;

/**
 * What a large sorted set consists of, for those who free it from afar: its root block, the blocks
 * of the hash table that word 0 refers to, and the elements, each
 * one block. The tree adds none.
 */
export const TREE_SORTED_SET_SHAPE: Shape = { tableWord: TABLE, children: null };

/** See the top of the file. A position is the reference of an element. */
export class TreeSortedSet implements SortedSetEncoding {
  readonly #arena: Arena;
  readonly #hasher: KeyHasher;
  readonly #table: HashTable;
  readonly #tree: AvlTree;
  readonly #expected: ScoreChanges;

  constructor(arena: Arena, hasher: KeyHasher) {
    this.#arena = arena;
    this.#hasher = hasher;
    this.#table = new HashTable(arena, (element) => {
      const bytes = arena.bytes[element >>> SEGMENT_SHIFT];
      return hasher.hash(bytes, memberStart(element), memberLength(arena, element));
    });
    this.#tree = new AvlTree(arena);
    this.#expected = new ScoreChanges(arena.words);
  }

  /**
   * A set of the same elements as another. O(n): they arrive in order, so that none is compared.
   *
   * @throws {ArenaFullError} when the arena has no room; then nothing was allocated
   */
  createFrom(source: SortedSetEncoding, from: Ref): Ref {
    const arena = this.#arena;
    const view: MemberView = { bytes: arena.bytes[0], start: 0, length: 0 };
    const ref = this.create();
    let head: Ref = NONE;
    let tail: Ref = NONE;
    let bytes = 0;
    try {
      const count = source.count(from);
      const table = this.#word(ref, TABLE);
      this.#table.expand(table, count + 1);
      for (let at = source.first(from); at !== 0; at = source.next(from, at)) {
        source.readMember(from, at, view);
        const score = source.scoreAt(from, at);
        const element = this.#createIn(table, score, view.bytes, view.start, view.length);
        if (tail === NONE) head = element;
        else setLink(arena.words, tail, RIGHT, element);
        tail = element;
        bytes += blockBytes(view.length);
      }
      arena.setWord(ref, TREE_ROOT, this.#tree.fromSorted(head, count));
      this.#addBytes(ref, bytes);
    } catch (error) {
      this.destroy(ref);
      throw error;
    }
    return ref;
  }

  /** A new empty set. O(1). @throws {ArenaFullError} */
  create(): Ref {
    const ref = this.#arena.allocateZeroed(ROOT_BYTES);
    try {
      this.#arena.setWord(ref, TABLE, this.#table.create());
    } catch (error) {
      this.#arena.free(ref);
      throw error;
    }
    return ref;
  }

  #word(ref: Ref, index: number): number {
    return this.#arena.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index];
  }

  #root(ref: Ref): Ref {
    return this.#word(ref, TREE_ROOT);
  }

  #addBytes(ref: Ref, change: number): void {
    this.#arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + 1] += change;
  }

  count(ref: Ref): number {
    return this.#tree.count(this.#root(ref));
  }

  first(ref: Ref): Ref {
    return this.#tree.first(this.#root(ref));
  }

  last(ref: Ref): Ref {
    return this.#tree.last(this.#root(ref));
  }

  next(_ref: Ref, position: Ref): Ref {
    return this.#tree.next(position);
  }

  previous(_ref: Ref, position: Ref): Ref {
    return this.#tree.previous(position);
  }

  at(ref: Ref, rank: number): Ref {
    return this.#tree.at(this.#root(ref), rank);
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
    return this.#tree.seekScore(this.#root(ref), score, inclusive);
  }

  seekMember(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    inclusive: boolean,
  ): Ref {
    return this.#tree.seekMember(this.#root(ref), bytes, start, length, inclusive);
  }

  seekPair(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref {
    return this.#tree.seekScoreMember(this.#root(ref), score, bytes, start, length);
  }

  scoreAt(_ref: Ref, position: Ref): number {
    return scoreOf(this.#arena, position);
  }

  readMember(_ref: Ref, position: Ref, view: MemberView): void {
    view.bytes = this.#arena.bytes[position >>> SEGMENT_SHIFT];
    view.start = memberStart(position);
    view.length = memberLength(this.#arena, position);
  }

  insert(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref {
    const element = this.#createIn(this.#word(ref, TABLE), score, bytes, start, length);
    this.#arena.setWord(ref, TREE_ROOT, this.#tree.insert(this.#root(ref), element));
    this.#addBytes(ref, blockBytes(length));
    return ref;
  }

  #createIn(table: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref {
    const element = createElement(this.#arena, score, bytes, start, length);
    try {
      this.#table.insert(table, element, this.#hasher.hash(bytes, start, length));
    } catch (error) {
      this.#arena.free(element);
      throw error;
    }
    return element;
  }

  setScore(ref: Ref, position: Ref, score: number): Ref {
    const arena = this.#arena;
    const tree = this.#tree;
    const doubles = arena.doubles[position >>> SEGMENT_SHIFT];
    const at = position & SEGMENT_MASK;
    if (this.#fitsBetweenNeighbours(position, score)) {
      doubles[at] = score;
      return ref;
    }
    const without = tree.remove(this.#root(ref), position);
    doubles[at] = score;
    arena.setWord(ref, TREE_ROOT, tree.insert(without, position));
    return ref;
  }

  /** Notes for {@linkcode prefetch} that a member, of the set or new, gets a score. O(length). */
  expectScore(score: number, bytes: Uint8Array, start: number, length: number): void {
    this.#expected.add(score, this.#hasher.hash(bytes, start, length));
  }

  /**
   * Loads what the changes noted since the last time will look at, so that their waits for memory
   * overlap. It changes nothing. O(changes × log n).
   */
  prefetch(ref: Ref): void {
    const expected = this.#expected;
    const { hashes, climbs, count } = expected;
    this.#table.candidates(this.#word(ref, TABLE), hashes, climbs, count);
    expected.walk(this.#root(ref), this.count(ref));
    expected.count = 0;
  }

  /** Whether the element can take the score where it is: leaderboards move by small steps. */
  #fitsBetweenNeighbours(position: Ref, score: number): boolean {
    const arena = this.#arena;
    const rises = score > scoreOf(arena, position);
    // A child beyond which the score is lies nearer than the neighbour.
    const child = link(arena.words, position, rises ? RIGHT : LEFT);
    if (child !== NONE) {
      const childScore = scoreOf(arena, child);
      if (rises ? score > childScore : score < childScore) return false;
    }
    const neighbour = rises ? this.#tree.next(position) : this.#tree.previous(position);
    if (neighbour === NONE) return true;
    const bound = scoreOf(arena, neighbour);
    if (bound !== score) return rises ? score < bound : score > bound;
    const bytes = arena.bytes[position >>> SEGMENT_SHIFT];
    const length = memberLength(arena, position);
    const order = compareMember(arena, neighbour, bytes, memberStart(position), length);
    return rises ? order > 0 : order < 0;
  }

  remove(ref: Ref, position: Ref, count: number): Ref {
    const tree = this.#tree;
    const table = this.#word(ref, TABLE);
    let element = position;
    let root = this.#root(ref);
    for (let i = 0; i < count && element !== NONE; i++) {
      const following = i + 1 < count ? tree.next(element) : NONE;
      root = tree.remove(root, element);
      this.#table.remove(table, element);
      this.#addBytes(ref, -blockBytes(memberLength(this.#arena, element)));
      this.#arena.free(element);
      element = following;
    }
    this.#arena.setWord(ref, TREE_ROOT, root);
    return ref;
  }

  destroy(ref: Ref): void {
    const table = this.#word(ref, TABLE);
    this.#table.forEach(table, (element) => this.#arena.free(element));
    this.#table.destroy(table);
    this.#arena.free(ref);
  }

  memoryBytes(ref: Ref): number {
    const bytes = this.#arena.capacity(ref) + this.#table.memoryBytes(this.#word(ref, TABLE));
    return bytes + this.#arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + 1];
  }

  verify(ref: Ref): void {
    const arena = this.#arena;
    const table = this.#word(ref, TABLE);
    this.#tree.verify(this.#root(ref));
    this.#table.verify(table);
    assert(this.#table.size(table) === this.count(ref), "tree and table differ in size");
    let bytes = 0;
    for (let element = this.first(ref); element !== NONE; element = this.#tree.next(element)) {
      const own = arena.bytes[element >>> SEGMENT_SHIFT];
      const length = memberLength(arena, element);
      assert(
        this.find(ref, own, memberStart(element), length) === element,
        "an element that the table does not find",
      );
      bytes += arena.capacity(element);
    }
    const counted = arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + 1];
    assert(bytes === counted, `elements take ${bytes} bytes, ${counted} counted`);
  }
}

/** Bytes that an element with a member of this length takes. */
function blockBytes(length: number): number {
  return Arena.blockBytes(MEMBER_AT + length);
}
