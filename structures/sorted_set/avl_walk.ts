/**
 * Reading the order of an AVL tree's elements: neighbours, ranks and distances.
 *
 * ```
 *              ┌────────┐                rank of the element at index i of block b
 *              │   a    │
 *              └──┬──┬──┘                  i
 *         ┌───────┘  └─────┐             + of(left of b)
 *     ┌───▼────┐       ┌───▼────┐        + of(a) - of(b), as b is on the right of a
 *     │ of = 9 │       │   b    │        + … and so on up to the root
 *     └────────┘       └─┬────┬─┘
 * ```
 *
 * Every count of a subtree includes the elements of its topmost block.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import { elementAt, indexOf, scoreAt } from "./avl_block.ts";
import { lengthOf, link } from "./avl_node.ts";
import { memberLength } from "./sorted_set_element.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;
const {
  BLOCK,
  BLOCK_BYTES,
  COUNT,
  FIRST_NODE,
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

/** What {@linkcode AvlTree} can do without changing a tree, seeks aside; see avl_tree.ts. */
export class AvlWalk {
  protected readonly arena: Arena;
  protected readonly segments: readonly Int32Array[];
  protected readonly doubles: readonly Float64Array[];
  /** What loads ahead came to: kept, so that they are not optimized away. */
  protected loaded = 0;

  constructor(arena: Arena) {
    this.arena = arena;
    this.segments = arena.words;
    this.doubles = arena.doubles;
  }

  /** Elements in the subtree of a node, 0 where that is NONE. */
  protected countOf(node: Ref): number {
    return node === NONE ? 0 : link(this.segments, node, COUNT);
  }

  /** Elements in the tree. O(1). */
  count(tree: Ref): number {
    return this.countOf(link(this.segments, tree, ROOT));
  }

  /** Bytes of the tree's nodes and blocks. O(1). */
  memoryBytes(tree: Ref): number {
    return link(this.segments, tree, NODES) * (NODE_BYTES + BLOCK_BYTES);
  }

  /** The lowest element, NONE of an empty tree. O(1). */
  first(tree: Ref): number {
    return this.#startOf(link(this.segments, tree, FIRST_NODE));
  }

  /** The highest element, NONE of an empty tree. O(1). */
  last(tree: Ref): number {
    return this.#endOf(link(this.segments, tree, LAST_NODE));
  }

  /** The first element of a node, NONE of none. */
  #startOf(node: Ref): number {
    return node === NONE ? NONE : link(this.segments, node, BLOCK);
  }

  /** The last element of a node, NONE of none. */
  #endOf(node: Ref): number {
    if (node === NONE) return NONE;
    return link(this.segments, node, BLOCK) | (lengthOf(this.segments, node) - 1);
  }

  /** The node that has the element at a position. */
  protected nodeAt(position: number): Ref {
    return link(this.segments, position & ~INDEX_MASK, NODE);
  }

  /** The next higher element, NONE after the last. O(1). */
  next(position: number): number {
    const node = this.nodeAt(position);
    const isLast = (position & INDEX_MASK) + 1 === lengthOf(this.segments, node);
    return isLast ? this.#startOf(link(this.segments, node, NEXT)) : position + 1;
  }

  /** The next lower element, NONE before the first. O(1). */
  previous(position: number): number {
    if ((position & INDEX_MASK) !== 0) return position - 1;
    return this.#endOf(link(this.segments, this.nodeAt(position), PREVIOUS));
  }

  /** Elements from a position to the end of its block, that one included. O(1). */
  runFrom(position: number): number {
    return lengthOf(this.segments, this.nodeAt(position)) - (position & INDEX_MASK);
  }

  /**
   * Loads the elements from a position on, up to `count` and as far as its block goes, side by side,
   * so that a walk waits once for all of them.
   *
   * @returns for how many
   */
  load(position: number, count: number, backwards: boolean): number {
    const run = backwards ? (position & INDEX_MASK) + 1 : this.runFrom(position);
    const length = Math.min(run, count);
    const first = backwards ? position - length + 1 : position;
    let loaded = 0;
    for (let at = first; at < first + length; at++) {
      loaded ^= memberLength(this.arena, elementAt(this.segments, at));
    }
    this.loaded = loaded;
    return length;
  }

  /** The element at a position. O(1). */
  elementAt(position: number): Ref {
    return elementAt(this.segments, position);
  }

  /** The score at a position. O(1). */
  scoreAt(position: number): number {
    return scoreAt(this.doubles, position);
  }

  /** Where an element is, which must be in a tree. O(1). */
  positionOf(element: Ref): number {
    const block = link(this.segments, element, IN_BLOCK);
    return block | indexOf(this.segments, block, element);
  }

  /** The element at an index of a node, or where that is its length, the one behind. */
  protected positionIn(node: Ref, index: number): number {
    return index < lengthOf(this.segments, node)
      ? link(this.segments, node, BLOCK) | index
      : this.#startOf(link(this.segments, node, NEXT));
  }

  /** How many elements are lower. O(log n). */
  rankOf(position: number): number {
    const { segments } = this;
    let node = this.nodeAt(position);
    let rank = (position & INDEX_MASK) + this.countOf(link(segments, node, LEFT));
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

  /** The element of a rank, counted from 0; NONE outside of the tree. O(log n). */
  at(tree: Ref, rank: number): number {
    if (!(rank >= 0 && rank < this.count(tree))) return NONE;
    return this.#select(link(this.segments, tree, ROOT), rank);
  }

  /**
   * The element that is `delta` ranks higher (lower, where negative); NONE outside of the tree.
   * Climbs only to the lowest subtree that holds both. O(log n).
   */
  offset(position: number, delta: number): number {
    const { segments } = this;
    let node = this.nodeAt(position);
    const inBlock = (position & INDEX_MASK) + delta;
    if (inBlock >= 0 && inBlock < lengthOf(segments, node)) return position + delta;
    let index = this.countOf(link(segments, node, LEFT)) + inBlock; // in the subtree of node
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

  #select(node: Ref, index: number): number {
    const { segments } = this;
    for (;;) {
      const left = link(segments, node, LEFT);
      const lower = this.countOf(left);
      if (index < lower) {
        node = left;
        continue;
      }
      index -= lower;
      const length = lengthOf(segments, node);
      if (index < length) return link(segments, node, BLOCK) | index;
      index -= length;
      node = link(segments, node, RIGHT);
    }
  }
}
