/**
 * The order of a large sorted set: an AVL tree of blocks of elements, by (score, member bytes).
 *
 * A tree whose nodes are single elements waits for memory at every level that the caches do not
 * hold. Blocks of up to 42 make it a T-tree (Lehman and Carey, 1986): there are so many fewer nodes,
 * of a cache line each, that most stay in the caches, and an operation waits for a few lines of one
 * block; and a walk along the order runs through arrays.
 *
 * ```
 *   tree ──▶ root ──▶ ┌───────────────────┐      order: score, then the member's bytes as memcmp
 *      │              │ 3.0  3.0  4.5  of 8│             compares them, a beginning before the whole
 *      │              └──┬─────────────┬──┘
 *      │first    ┌───────▼───┐   ┌─────▼───────┐    "of n" is the subtree's number of elements:
 *      └───────▶ │ 1.0 2.0  2│ ◀▶│ 5.0 7.5 9 3 │    rank of 4.5 = of(left) + its index = 4
 *                └───────────┘   └─────────────┘
 * ```
 *
 * A walk down compares with the first score of each block, and turns left below it, else right; the
 * element belongs into the last block at which it turned right. There a search of its scores ends
 * it. Each element knows its block, and each block its parent and its neighbours, so what is found
 * by its member needs no walk down, and ranks and distances are counted from where one is.
 *
 * A full block splits in two halves, but at either end of the order a new one begins, so that loads
 * in order fill their blocks. A block that has become nearly empty merges with a neighbour.
 *
 * A tree is a reference to a block of its owner's that begins with four words of the tree's, first
 * all 0. A position is `block | index`; any change to the tree may move elements to others. Scores
 * must not be NaN.
 *
 * See avl_node.ts and avl_block.ts for the layout and avl_balance.ts for rotations.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import { addCount, rebalanceAfterInsert, removeNode } from "./avl_balance.ts";
import {
  elementAt,
  loadBlock,
  scoreAt,
  scoresBelow,
  setElementAt,
  shiftDown,
  shiftUp,
} from "./avl_block.ts";
import {
  clearNode,
  compareFirst,
  copyFirst,
  lengthOf,
  link,
  readBeginning,
  setLength,
  setLink,
} from "./avl_node.ts";
import { AvlWalk } from "./avl_walk.ts";
import { buildTree, verifyTree } from "./avl_whole.ts";
import { compareMember, memberLength, memberStart, setScoreOf } from "./sorted_set_element.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  BEGINNING_WORDS,
  BLOCK,
  BLOCK_BYTES,
  BLOCK_CAPACITY,
  COUNT,
  FIRST_NODE,
  FIRST_SCORE,
  INDEX_MASK,
  IN_BLOCK,
  LAST_NODE,
  LEFT,
  NEXT,
  NODE,
  NODES,
  NODE_BYTES,
  PARENT,
  PREVIOUS,
  RIGHT,
  ROOT,
} = setLayout;

/** A view of the AVL trees in an arena; see the top of the file. */
export class AvlTree extends AvlWalk {
  readonly #capacity: number;
  /** Beginning of the member that is sought. */
  readonly #sought = new Int32Array(BEGINNING_WORDS);

  /** @param capacity most elements in a node, at least 2; fewer than there is room for only in tests */
  constructor(arena: Arena, capacity: number = BLOCK_CAPACITY) {
    super(arena);
    this.#capacity = capacity;
  }

  /**
   * Adds an element whose member is not in the tree. O(log n).
   *
   * @throws {ArenaFullError} when there is no room for a node; the tree is then as before
   */
  insert(tree: Ref, element: Ref, score: number): void {
    const bytes = this.arena.bytes[element >>> SEGMENT_SHIFT];
    const start = memberStart(element);
    const length = memberLength(this.arena, element);
    const node = this.#nodeFor(tree, score, bytes, start, length);
    const index = node === NONE ? 0 : this.#indexFor(node, score, bytes, start, length);
    this.#insertAt(tree, node, index, element, score);
  }

  /** Puts an element before what is at an index of a node; NONE is the node of an empty tree. */
  #insertAt(tree: Ref, node: Ref, index: number, element: Ref, score: number): void {
    const { segments } = this;
    if (node === NONE) return this.#addNode(tree, NONE, element, score);
    const length = lengthOf(segments, node);
    if (length === this.#capacity) {
      if (index === length && link(segments, node, NEXT) === NONE) {
        return this.#addNode(tree, node, element, score);
      }
      if (index === 0 && link(segments, node, PREVIOUS) === NONE) {
        return this.#addNode(tree, NONE, element, score);
      }
      const half = length >> 1;
      const upper = this.#split(tree, node, half);
      if (index > half) {
        node = upper;
        index -= half;
      }
    }
    this.#put(node, index, element, score);
    addCount(segments, node, 1);
  }

  /** Puts an element into a block that has room. Counts stay as they were. */
  #put(node: Ref, index: number, element: Ref, score: number): void {
    const { segments, doubles } = this;
    const length = lengthOf(segments, node);
    const block = link(segments, node, BLOCK);
    shiftUp(segments, doubles, block, index, length);
    setElementAt(segments, doubles, block | index, element, score);
    setLink(segments, element, IN_BLOCK, block);
    setLength(segments, node, length + 1);
    if (index === 0) copyFirst(this.arena, node);
  }

  /** A node without elements, not linked in. @throws {ArenaFullError} nothing has changed then */
  #newNode(tree: Ref): Ref {
    const { arena, segments } = this;
    const node = arena.allocate(NODE_BYTES);
    let block: Ref;
    try {
      block = arena.allocate(BLOCK_BYTES);
    } catch (error) {
      arena.free(node);
      throw error;
    }
    clearNode(segments, node, block);
    setLink(segments, block, NODE, node);
    setLink(segments, tree, NODES, link(segments, tree, NODES) + 1);
    return node;
  }

  /** Adds a node of one element behind another, or before all where that is NONE. */
  #addNode(tree: Ref, previous: Ref, element: Ref, score: number): void {
    const node = this.#newNode(tree);
    this.#put(node, 0, element, score);
    this.#attach(tree, node, previous);
  }

  /** Moves the elements from an index on to a new node behind, and answers that. */
  #split(tree: Ref, node: Ref, from: number): Ref {
    const upper = this.#newNode(tree);
    const moved = lengthOf(this.segments, node) - from;
    this.#moveElements(node, from, upper);
    addCount(this.segments, node, -moved);
    this.#attach(tree, upper, node);
    return upper;
  }

  /** Moves the elements from an index on to the end of another node. Counts stay as they were. */
  #moveElements(from: Ref, index: number, to: Ref): void {
    const { segments, doubles } = this;
    const source = link(segments, from, BLOCK);
    const target = link(segments, to, BLOCK);
    const end = source | lengthOf(segments, from);
    const oldLength = lengthOf(segments, to);
    let length = oldLength;
    for (let position = source | index; position < end; position++) {
      const element = elementAt(segments, position);
      setElementAt(segments, doubles, target | length++, element, scoreAt(doubles, position));
      setLink(segments, element, IN_BLOCK, target);
    }
    setLength(segments, from, index);
    setLength(segments, to, length);
    if (oldLength === 0) copyFirst(this.arena, to);
  }

  /** Links a new node in behind another, or before all, and counts its elements. */
  #attach(tree: Ref, node: Ref, previous: Ref): void {
    const { segments } = this;
    const next = previous === NONE
      ? link(segments, tree, FIRST_NODE)
      : link(segments, previous, NEXT);
    this.#setNeighbours(tree, previous, node);
    this.#setNeighbours(tree, node, next);
    const length = lengthOf(segments, node);
    setLink(segments, node, COUNT, length);
    if (previous === NONE && next === NONE) return setLink(segments, tree, ROOT, node);
    // One of the neighbours has no subtree on this side, as it would lie between the two.
    const isAbove = previous !== NONE && link(segments, previous, RIGHT) === NONE;
    const parent = isAbove ? previous : next;
    setLink(segments, parent, isAbove ? RIGHT : LEFT, node);
    setLink(segments, node, PARENT, parent);
    addCount(segments, parent, length);
    const root = link(segments, tree, ROOT);
    setLink(segments, tree, ROOT, rebalanceAfterInsert(segments, root, node));
  }

  #setNeighbours(tree: Ref, lower: Ref, higher: Ref): void {
    const { segments } = this;
    if (lower === NONE) setLink(segments, tree, FIRST_NODE, higher);
    else setLink(segments, lower, NEXT, higher);
    if (higher === NONE) setLink(segments, tree, LAST_NODE, lower);
    else setLink(segments, higher, PREVIOUS, lower);
  }

  /** Gives the element at a position another score. O(log n). @throws {ArenaFullError} as insert */
  setScore(tree: Ref, position: number, score: number): void {
    const { segments, doubles } = this;
    const element = elementAt(segments, position);
    const bytes = this.arena.bytes[element >>> SEGMENT_SHIFT];
    const start = memberStart(element);
    const memberBytes = memberLength(this.arena, element);
    const own = this.nodeAt(position);
    const length = lengthOf(segments, own);
    const block = position & ~INDEX_MASK;
    const isWithin = score > scoreAt(doubles, block) &&
      score < scoreAt(doubles, block | (length - 1));
    let node = own;
    if (!isWithin) {
      // What both blocks need of memory comes while the walk down and its end go on.
      this.loaded ^= loadBlock(segments, block);
      node = this.#nodeFor(tree, score, bytes, start, memberBytes);
      this.loaded ^= loadBlock(segments, link(segments, node, BLOCK));
    }
    const index = this.#indexFor(node, score, bytes, start, memberBytes);
    if (node !== own) {
      // In this order, as only the first can fail. It leaves the old position what it is.
      this.#insertAt(tree, node, index, element, score);
      this.#removeFrom(tree, own, position & INDEX_MASK, 1);
    } else {
      const old = position & INDEX_MASK;
      const isHigher = index > old;
      if (isHigher) shiftDown(segments, doubles, block, old + 1, index, 1);
      else shiftUp(segments, doubles, block, index, old);
      setElementAt(segments, doubles, block | (isHigher ? index - 1 : index), element, score);
      if (index === 0 || old === 0) copyFirst(this.arena, own);
    }
    setScoreOf(this.arena, element, score);
  }

  /**
   * Removes up to `count` elements from a position on, as far as its block goes. The elements
   * themselves stay the caller's. O(log n).
   *
   * @returns the position of the element that followed them, NONE where none did
   */
  remove(tree: Ref, position: number, count: number): number {
    return this.#removeFrom(tree, this.nodeAt(position), position & INDEX_MASK, count);
  }

  #removeFrom(tree: Ref, node: Ref, index: number, count: number): number {
    const { segments, doubles } = this;
    const length = lengthOf(segments, node);
    const end = Math.min(index + count, length);
    const left = length - (end - index);
    shiftDown(segments, doubles, link(segments, node, BLOCK), end, length, end - index);
    setLength(segments, node, left);
    if (index === 0 && left > 0) copyFirst(this.arena, node);
    addCount(segments, node, left - length);
    const next = link(segments, node, NEXT);
    if (left === 0) {
      this.#detach(tree, node);
      return next === NONE ? NONE : link(segments, next, BLOCK);
    }
    if (left >= this.#capacity >> 2) return this.positionIn(node, index);
    const previous = link(segments, node, PREVIOUS);
    const most = (this.#capacity * 3) >> 2;
    if (next !== NONE && left + lengthOf(segments, next) <= most) {
      this.#absorb(tree, node, next);
    } else if (previous !== NONE && left + lengthOf(segments, previous) <= most) {
      index += lengthOf(segments, previous);
      node = previous;
      this.#absorb(tree, previous, link(segments, previous, NEXT));
    }
    return this.positionIn(node, index);
  }

  /** Moves all elements of a node to the one before it, and lets it go. */
  #absorb(tree: Ref, node: Ref, next: Ref): void {
    const moved = lengthOf(this.segments, next);
    this.#moveElements(next, 0, node);
    addCount(this.segments, next, -moved);
    addCount(this.segments, node, moved);
    this.#detach(tree, next);
  }

  /** Takes a node without elements out of the tree and frees it. */
  #detach(tree: Ref, node: Ref): void {
    const { arena, segments } = this;
    const next = link(segments, node, NEXT);
    setLink(segments, tree, ROOT, removeNode(segments, link(segments, tree, ROOT), node, next));
    setLink(segments, tree, NODES, link(segments, tree, NODES) - 1);
    this.#setNeighbours(tree, link(segments, node, PREVIOUS), next);
    arena.free(link(segments, node, BLOCK));
    arena.free(node);
  }

  /**
   * Adds an element behind all others of a tree that nothing but this has filled. {@linkcode finish}
   * must follow before anything else is done with it. O(1).
   *
   * @throws {ArenaFullError} when there is no room for a node
   */
  append(tree: Ref, element: Ref, score: number): void {
    const { segments } = this;
    let node = link(segments, tree, LAST_NODE);
    // Some room is left, so that the next insertions do not split every node.
    if (node === NONE || lengthOf(segments, node) === this.#capacity - (this.#capacity >> 2)) {
      const fresh = this.#newNode(tree);
      this.#setNeighbours(tree, node, fresh);
      this.#setNeighbours(tree, fresh, NONE);
      node = fresh;
    }
    this.#put(node, lengthOf(segments, node), element, score);
  }

  /** Makes a balanced tree of the nodes that {@linkcode append} has filled. O(nodes). */
  finish(tree: Ref): void {
    buildTree(this.segments, tree);
  }

  /** Frees the tree's nodes, but no element. O(nodes). */
  destroy(tree: Ref): void {
    const { arena, segments } = this;
    let node = link(segments, tree, FIRST_NODE);
    while (node !== NONE) {
      const next = link(segments, node, NEXT);
      arena.free(link(segments, node, BLOCK));
      arena.free(node);
      node = next;
    }
  }

  /** First element at or above (score, member), NONE if all are below. O(log n). */
  seekScoreMember(
    tree: Ref,
    score: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): number {
    const node = this.#nodeFor(tree, score, bytes, start, length);
    if (node === NONE) return NONE;
    return this.positionIn(node, this.#indexFor(node, score, bytes, start, length));
  }

  /**
   * The node that (score, member) belongs into: the last whose first element is below it, or the
   * first of all. NONE in an empty tree.
   */
  #nodeFor(
    tree: Ref,
    score: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): Ref {
    const sought = this.#sought;
    let isTied = false;
    let found = link(this.segments, tree, FIRST_NODE);
    let node = link(this.segments, tree, ROOT);
    while (node !== NONE) {
      const segment = node >>> SEGMENT_SHIFT;
      const granule = node & SEGMENT_MASK;
      const words = this.segments[segment];
      const first = this.doubles[segment][granule + FIRST_SCORE];
      // Chosen by arithmetic: a branch on the order would be guessed wrong at every second level.
      let isBelow = Number(first < score);
      if (first === score) {
        if (!isTied) readBeginning(sought, bytes, start, length);
        isTied = true;
        isBelow = Number(compareFirst(this.arena, node, sought, bytes, start, length) < 0);
      }
      found = (node & -isBelow) | (found & (isBelow - 1));
      node = words[(granule << 1) + LEFT + isBelow];
    }
    return found;
  }

  /** Index of the node's first element at or above (score, member), its length if all are below. */
  #indexFor(
    node: Ref,
    score: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): number {
    const { segments, doubles } = this;
    const block = link(segments, node, BLOCK);
    const end = lengthOf(segments, node);
    const low = scoresBelow(doubles, block, end, score, false);
    if (low === end || scoreAt(doubles, block | low) !== score) return low;
    const high = low + scoresBelow(doubles, block | low, end - low, score, true);
    return this.#indexAmong(block, low, high, bytes, start, length, 0);
  }

  /**
   * The first index from `low` to `high` whose member is not below a byte string: of which the
   * comparison does not come to less than `limit`.
   */
  #indexAmong(
    block: Ref,
    low: number,
    high: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    limit: number,
  ): number {
    const { arena, segments } = this;
    while (low < high) {
      const middle = (low + high) >> 1;
      const element = elementAt(segments, block | middle);
      if (compareMember(arena, element, bytes, start, length) < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** First element with a score at or above (`inclusive`), or above, the given one. O(log n). */
  seekScore(tree: Ref, score: number, inclusive: boolean): number {
    let found = link(this.segments, tree, FIRST_NODE);
    if (found === NONE) return NONE;
    let node = link(this.segments, tree, ROOT);
    while (node !== NONE) {
      const segment = node >>> SEGMENT_SHIFT;
      const granule = node & SEGMENT_MASK;
      const first = this.doubles[segment][granule + FIRST_SCORE];
      const isBelow = inclusive ? Number(first < score) : Number(first <= score);
      found = (node & -isBelow) | (found & (isBelow - 1));
      node = this.segments[segment][(granule << 1) + LEFT + isBelow];
    }
    const block = link(this.segments, found, BLOCK);
    const length = lengthOf(this.segments, found);
    return this.positionIn(found, scoresBelow(this.doubles, block, length, score, !inclusive));
  }

  /**
   * First element whose member is at or above (`inclusive`), or above, the given one. The scores are
   * not looked at: meant for trees in which all are equal. O(log n).
   */
  seekMember(
    tree: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    inclusive: boolean,
  ): number {
    const { segments } = this;
    const limit = inclusive ? 0 : 1; // an order below it is below
    const sought = this.#sought;
    readBeginning(sought, bytes, start, length);
    let found = link(segments, tree, FIRST_NODE);
    if (found === NONE) return NONE;
    let node = link(segments, tree, ROOT);
    while (node !== NONE) {
      const order = compareFirst(this.arena, node, sought, bytes, start, length);
      const isBelow = order < limit;
      if (isBelow) found = node;
      node = link(segments, node, isBelow ? RIGHT : LEFT);
    }
    const block = link(segments, found, BLOCK);
    const end = lengthOf(segments, found);
    return this.positionIn(
      found,
      this.#indexAmong(block, 0, end, bytes, start, length, limit),
    );
  }

  /** Checks order, links, counts and balances. For tests. O(n). @throws {AssertionError} */
  verify(tree: Ref): void {
    verifyTree(this.arena, tree, this.#capacity);
  }
}
