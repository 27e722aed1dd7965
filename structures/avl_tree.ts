/**
 * The order of a sorted set: an intrusive AVL tree over (score, member bytes).
 *
 * Each node counts the elements of its subtree, so a rank is found, and an element by its rank, in
 * one walk between node and root. Each node knows its parent, so neighbours, distances and removal
 * start at the node itself: a query that seeks (score, member) and then moves 10,000 ranks on costs
 * two short walks, and no stack is needed anywhere.
 *
 * ```
 *   root ──▶ ┌───────────────┐        order: score, then the member's bytes as memcmp
 *            │ 3.0 "m"  of 5 │               compares them, a beginning before the whole
 *            └──┬─────────┬──┘
 *       ┌───────▼───┐ ┌───▼───────┐   "of n" is the subtree count:
 *       │ 1.0 "b" 3 │ │ 3.0 "x" 1 │   rank("m") = count(left) = 3
 *       └──┬─────┬──┘ └───────────┘
 *   ┌──────▼──┐ ┌▼────────┐           block layout: sorted_set_element.ts
 *   │ 1.0 "a" │ │ 2.0 "a" │           rotations:    avl_balance.ts
 *   └─────────┘ └─────────┘
 * ```
 *
 * AVL and not red-black: a seek touches a cold cache line a level, and AVL trees are lower (1.44
 * against 2 log n at worst). The tree has no state of its own: the caller keeps the root, and
 * whatever changes the tree returns the new one. Scores must not be NaN.
 */

import { assert } from "@std/assert/assert";
import { type Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";
import {
  balance,
  LEVEL,
  link,
  rebalanceAfterInsert,
  rebalanceAfterRemove,
  replaceChild,
  setBalance,
  setLink,
} from "./avl_balance.ts";
import {
  compareElements,
  compareMember,
  compareMembers,
  COUNT,
  LEFT,
  LENGTH_AND_BALANCE,
  PARENT,
  RIGHT,
} from "./sorted_set_element.ts";

/** Levels that a balanced tree of 2^31 nodes cannot exceed. */
const MAX_BUILD_DEPTH = 32;

/** A view of the AVL trees in an arena; see the top of the file. */
export class AvlTree {
  readonly #arena: Arena;
  readonly #segments: Int32Array[];
  readonly #doubles: Float64Array[];
  readonly #buildNodes = new Int32Array(MAX_BUILD_DEPTH);
  readonly #buildSizes = new Int32Array(MAX_BUILD_DEPTH);

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#segments = arena.words;
    this.#doubles = arena.doubles;
  }

  /**
   * Links a new node in. Its score and member must be set, and no node of the tree may have both.
   * O(log n).
   *
   * @returns the new root
   */
  insert(root: Ref, node: Ref): Ref {
    const segments = this.#segments;
    const doubles = this.#doubles;
    const words = segments[node >>> SEGMENT_SHIFT];
    const at = (node & SEGMENT_MASK) << 1;
    words[at + LEFT] = NONE;
    words[at + RIGHT] = NONE;
    words[at + PARENT] = NONE;
    words[at + COUNT] = 1;
    words[at + LENGTH_AND_BALANCE] &= ~3;
    if (root === NONE) return node;
    const score = doubles[node >>> SEGMENT_SHIFT][node & SEGMENT_MASK];
    let parent = root;
    for (;;) {
      const segment = parent >>> SEGMENT_SHIFT;
      const granule = parent & SEGMENT_MASK;
      const parentScore = doubles[segment][granule];
      const parentWords = segments[segment];
      const parentAt = granule << 1;
      parentWords[parentAt + COUNT]++;
      // A branch on the order would be guessed wrong at every second level; equal scores are rare.
      let side = LEFT + Number(score > parentScore);
      if (score === parentScore && compareMembers(this.#arena, node, parent) > 0) side = RIGHT;
      const child = parentWords[parentAt + side];
      if (child === NONE) {
        parentWords[parentAt + side] = node;
        words[at + PARENT] = parent;
        return rebalanceAfterInsert(segments, root, node);
      }
      parent = child;
    }
  }

  /**
   * Takes a node out of the tree; its block stays the caller's, and no other element moves to
   * another block. O(log n).
   *
   * @returns the new root
   */
  remove(root: Ref, node: Ref): Ref {
    const segments = this.#segments;
    const left = link(segments, node, LEFT);
    const right = link(segments, node, RIGHT);
    const parent = link(segments, node, PARENT);
    let heir: Ref; // takes the node's place
    let shrunk: Ref; // lowest node whose subtree lost an element
    let side: number; // and on which side
    if (left !== NONE && right !== NONE) {
      heir = this.first(right);
      if (heir === right) {
        shrunk = heir;
        side = 1;
      } else {
        shrunk = link(segments, heir, PARENT);
        side = 0;
        const orphan = link(segments, heir, RIGHT);
        setLink(segments, shrunk, LEFT, orphan);
        if (orphan !== NONE) setLink(segments, orphan, PARENT, shrunk);
        setLink(segments, heir, RIGHT, right);
        setLink(segments, right, PARENT, heir);
      }
      setLink(segments, heir, LEFT, left);
      setLink(segments, left, PARENT, heir);
      setLink(segments, heir, COUNT, link(segments, node, COUNT));
      setBalance(segments, heir, balance(segments, node));
    } else {
      heir = left !== NONE ? left : right;
      shrunk = parent;
      side = parent !== NONE && link(segments, parent, RIGHT) === node ? 1 : 0;
    }
    if (heir !== NONE) setLink(segments, heir, PARENT, parent);
    replaceChild(segments, parent, node, heir);
    for (let up = shrunk; up !== NONE;) {
      const words = segments[up >>> SEGMENT_SHIFT];
      const at = (up & SEGMENT_MASK) << 1;
      words[at + COUNT]--;
      up = words[at + PARENT];
    }
    return rebalanceAfterRemove(segments, node === root ? heir : root, shrunk, side);
  }

  /**
   * Builds a tree of minimal height from nodes in ascending order, chained through their RIGHT
   * words. O(n), without comparisons.
   *
   * @param head first node of the chain
   * @param count nodes in the chain
   * @returns the root
   */
  fromSorted(head: Ref, count: number): Ref {
    const segments = this.#segments;
    const nodes = this.#buildNodes; // per level: the subtree's root, NONE while its left is built
    const sizes = this.#buildSizes; // per level: the subtree's elements
    let depth = 0;
    let built: Ref = NONE; // the subtree that was finished last
    for (let size = count; size > 0; size = (size - 1) >> 1) {
      nodes[depth] = NONE;
      sizes[depth++] = size;
    }
    while (depth > 0) {
      const level = depth - 1;
      const children = sizes[level] - 1;
      const leftSize = children >> 1;
      const rightSize = children - leftSize;
      if (nodes[level] === NONE) {
        const node = head;
        head = link(segments, node, RIGHT);
        nodes[level] = node;
        setLink(segments, node, LEFT, built);
        if (built !== NONE) setLink(segments, built, PARENT, node);
        setLink(segments, node, COUNT, sizes[level]);
        setBalance(segments, node, Math.clz32(rightSize) < Math.clz32(leftSize) ? 2 : LEVEL);
        built = NONE;
        for (let size = rightSize; size > 0; size = (size - 1) >> 1) {
          nodes[depth] = NONE;
          sizes[depth++] = size;
        }
      } else {
        const node = nodes[level];
        setLink(segments, node, RIGHT, built);
        if (built !== NONE) setLink(segments, built, PARENT, node);
        built = node;
        depth--;
      }
    }
    if (built !== NONE) setLink(segments, built, PARENT, NONE);
    return built;
  }

  /** Elements in the tree. O(1). */
  count(root: Ref): number {
    return root === NONE ? 0 : link(this.#segments, root, COUNT);
  }

  /** The lowest node of a subtree, NONE of an empty one. O(log n). */
  first(root: Ref): Ref {
    return this.#edge(root, LEFT);
  }

  /** The highest node of a subtree, NONE of an empty one. O(log n). */
  last(root: Ref): Ref {
    return this.#edge(root, RIGHT);
  }

  #edge(root: Ref, side: number): Ref {
    let edge: Ref = NONE;
    for (let node = root; node !== NONE; node = link(this.#segments, node, side)) edge = node;
    return edge;
  }

  /** The next higher node, NONE after the last. O(log n), O(1) on average over a walk. */
  next(node: Ref): Ref {
    return this.#neighbour(node, RIGHT, LEFT);
  }

  /** The next lower node, NONE before the first. O(log n), O(1) on average over a walk. */
  previous(node: Ref): Ref {
    return this.#neighbour(node, LEFT, RIGHT);
  }

  #neighbour(node: Ref, side: number, opposite: number): Ref {
    const segments = this.#segments;
    const child = link(segments, node, side);
    if (child !== NONE) return this.#edge(child, opposite);
    let below = node;
    let above = link(segments, node, PARENT);
    while (above !== NONE && link(segments, above, side) === below) {
      below = above;
      above = link(segments, above, PARENT);
    }
    return above;
  }

  /** How many nodes are lower. O(log n). */
  rankOf(node: Ref): number {
    const segments = this.#segments;
    let rank = this.count(link(segments, node, LEFT));
    let above = link(segments, node, PARENT);
    while (above !== NONE) {
      if (link(segments, above, RIGHT) === node) {
        rank += link(segments, above, COUNT) - link(segments, node, COUNT);
      }
      node = above;
      above = link(segments, above, PARENT);
    }
    return rank;
  }

  /** The node of a rank, counted from 0; NONE outside of the tree. O(log n). */
  at(root: Ref, rank: number): Ref {
    if (!(rank >= 0 && rank < this.count(root))) return NONE;
    return this.#select(root, rank);
  }

  /**
   * The node that is `delta` ranks higher (lower, where negative); NONE outside of the tree. Climbs
   * only to the lowest subtree that holds both. O(log n).
   */
  offset(node: Ref, delta: number): Ref {
    const segments = this.#segments;
    let index = this.count(link(segments, node, LEFT)) + delta; // in the subtree of node
    while (!(index >= 0 && index < link(segments, node, COUNT))) {
      const above = link(segments, node, PARENT);
      if (above === NONE) return NONE;
      if (link(segments, above, RIGHT) === node) {
        index += link(segments, above, COUNT) - link(segments, node, COUNT);
      }
      node = above;
    }
    return this.#select(node, index);
  }

  #select(node: Ref, index: number): Ref {
    const segments = this.#segments;
    for (;;) {
      const left = link(segments, node, LEFT);
      const lower = left === NONE ? 0 : link(segments, left, COUNT);
      if (index === lower) return node;
      if (index < lower) {
        node = left;
      } else {
        index -= lower + 1;
        node = link(segments, node, RIGHT);
      }
    }
  }

  /** Nodes from one node to another, both included; 0 where `last` is lower or either is NONE. */
  countBetween(first: Ref, last: Ref): number {
    if (first === NONE || last === NONE) return 0;
    return Math.max(0, this.rankOf(last) - this.rankOf(first) + 1);
  }

  /** First node at or above (score, member), NONE if all are below. O(log n). */
  seekScoreMember(
    root: Ref,
    score: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): Ref {
    let found: Ref = NONE;
    let node = root;
    while (node !== NONE) {
      const nodeScore = this.#doubles[node >>> SEGMENT_SHIFT][node & SEGMENT_MASK];
      const below = nodeScore < score ||
        (nodeScore === score && compareMember(this.#arena, node, bytes, start, length) < 0);
      if (!below) found = node;
      node = link(this.#segments, node, below ? RIGHT : LEFT);
    }
    return found;
  }

  /** First node with a score at or above (`inclusive`), or above, the given one. O(log n). */
  seekScore(root: Ref, score: number, inclusive: boolean): Ref {
    let found: Ref = NONE;
    let node = root;
    while (node !== NONE) {
      const nodeScore = this.#doubles[node >>> SEGMENT_SHIFT][node & SEGMENT_MASK];
      const below = inclusive ? nodeScore < score : nodeScore <= score;
      if (!below) found = node;
      node = link(this.#segments, node, below ? RIGHT : LEFT);
    }
    return found;
  }

  /** Last node with a score at or below (`inclusive`), or below, the given one. O(log n). */
  lastBelowScore(root: Ref, score: number, inclusive: boolean): Ref {
    const beyond = this.seekScore(root, score, !inclusive);
    return beyond === NONE ? this.last(root) : this.previous(beyond);
  }

  /**
   * First node whose member is at or above (`inclusive`), or above, the given one. The scores are
   * not looked at: meant for trees in which all are equal. O(log n).
   */
  seekMember(
    root: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    inclusive: boolean,
  ): Ref {
    let found: Ref = NONE;
    let node = root;
    while (node !== NONE) {
      const order = compareMember(this.#arena, node, bytes, start, length);
      const below = inclusive ? order < 0 : order <= 0;
      if (!below) found = node;
      node = link(this.#segments, node, below ? RIGHT : LEFT);
    }
    return found;
  }

  /** Last node whose member is at or below (`inclusive`), or below: see {@linkcode seekMember}. */
  lastBelowMember(
    root: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    inclusive: boolean,
  ): Ref {
    const beyond = this.seekMember(root, bytes, start, length, !inclusive);
    return beyond === NONE ? this.last(root) : this.previous(beyond);
  }

  /**
   * Checks order, parents, counts and balances. For tests. O(n).
   *
   * @throws {AssertionError} at the first that does not hold
   */
  verify(root: Ref): void {
    if (root === NONE) return;
    const segments = this.#segments;
    assert(link(segments, root, PARENT) === NONE, "the root has a parent");
    const heights = new Map<Ref, number>([[NONE, 0]]);
    const path: Ref[] = [root];
    while (path.length > 0) {
      assert(path.length <= 48, "a cycle, or a tree too high to be balanced");
      const node = path[path.length - 1];
      const left = link(segments, node, LEFT);
      const right = link(segments, node, RIGHT);
      const child = !heights.has(left) ? left : !heights.has(right) ? right : NONE;
      if (child !== NONE) {
        assert(link(segments, child, PARENT) === node, "a child with another parent");
        path.push(child);
        continue;
      }
      const leftHeight = heights.get(left) ?? 0;
      const rightHeight = heights.get(right) ?? 0;
      assert(Math.abs(leftHeight - rightHeight) <= 1, "a node out of balance");
      const lean = leftHeight > rightHeight ? 1 : rightHeight > leftHeight ? 2 : LEVEL;
      assert(balance(segments, node) === lean, "a wrong balance");
      assert(
        link(segments, node, COUNT) === this.count(left) + this.count(right) + 1,
        "a wrong subtree count",
      );
      heights.set(node, Math.max(leftHeight, rightHeight) + 1);
      path.pop();
    }
    let seen = 0;
    let previous: Ref = NONE;
    for (let node = this.first(root); node !== NONE; node = this.next(node)) {
      assert(
        previous === NONE || compareElements(this.#arena, previous, node) < 0,
        "nodes out of order",
      );
      previous = node;
      seen++;
    }
    assert(seen === this.count(root), "a walk that misses nodes");
  }
}
