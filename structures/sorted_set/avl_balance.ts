/**
 * How the AVL tree stays balanced: rotations, and the walks up after a node has come or gone.
 *
 * The sides of a node are numbered, 0 for left and 1 for right, so that every case is written once
 * and not mirrored: the child on side s is word `LEFT + s`, and a balance of `s + 1` says that side
 * s is one level higher; 0 says that both are level.
 *
 * ```
 *        rotateUp(p, s) with s = 0             the side s of p was too high
 *
 *             p                c
 *            ╱ ╲              ╱ ╲
 *           c   C     ─▶     A   p             B changes parents, p and c change places,
 *          ╱ ╲                  ╱ ╲            and the subtree counts follow
 *         A   B                B   C
 * ```
 */

import type { Ref } from "../arena/arena.ts";
import { lengthOf, link, setLink } from "./avl_node.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { COUNT, LEFT, LENGTH_AND_BALANCE, PARENT, RIGHT } = setLayout;

/** Both sides of a node are equally high. */
export const LEVEL = 0;
const BALANCE_MASK = 3;

/** {@linkcode LEVEL}, or the higher side + 1. */
export function balance(segments: readonly Int32Array[], node: Ref): number {
  return link(segments, node, LENGTH_AND_BALANCE) & BALANCE_MASK;
}

/** Sets what {@linkcode balance} answers. */
export function setBalance(segments: readonly Int32Array[], node: Ref, value: number): void {
  const words = segments[node >>> SEGMENT_SHIFT];
  const at = ((node & SEGMENT_MASK) << 1) + LENGTH_AND_BALANCE;
  words[at] = (words[at] & ~BALANCE_MASK) | value;
}

/** Adds to the counts of a node and all above it. O(log n). */
export function addCount(segments: readonly Int32Array[], node: Ref, change: number): void {
  for (let up = node; up !== NONE;) {
    const words = segments[up >>> SEGMENT_SHIFT];
    const at = (up & SEGMENT_MASK) << 1;
    words[at + COUNT] += change;
    up = words[at + PARENT];
  }
}

/** Puts `heir` (or NONE) where `node` hangs below `parent`; a root has no such place. */
function replaceChild(segments: readonly Int32Array[], parent: Ref, node: Ref, heir: Ref): void {
  if (parent === NONE) return;
  setLink(segments, parent, link(segments, parent, LEFT) === node ? LEFT : RIGHT, heir);
}

/** Lifts the child on the given side into its parent's place. Balances are left to the caller. */
function rotateUp(segments: readonly Int32Array[], node: Ref, side: number): Ref {
  const nodeWords = segments[node >>> SEGMENT_SHIFT];
  const nodeAt = (node & SEGMENT_MASK) << 1;
  const child = nodeWords[nodeAt + LEFT + side];
  const childWords = segments[child >>> SEGMENT_SHIFT];
  const childAt = (child & SEGMENT_MASK) << 1;
  const moved = childWords[childAt + RIGHT - side];
  const parent = nodeWords[nodeAt + PARENT];
  const total = nodeWords[nodeAt + COUNT];
  let count = total - childWords[childAt + COUNT];
  if (moved !== NONE) {
    const movedWords = segments[moved >>> SEGMENT_SHIFT];
    const movedAt = (moved & SEGMENT_MASK) << 1;
    movedWords[movedAt + PARENT] = node;
    count += movedWords[movedAt + COUNT];
  }
  nodeWords[nodeAt + LEFT + side] = moved;
  nodeWords[nodeAt + PARENT] = child;
  nodeWords[nodeAt + COUNT] = count;
  childWords[childAt + RIGHT - side] = node;
  childWords[childAt + PARENT] = parent;
  childWords[childAt + COUNT] = total;
  replaceChild(segments, parent, node, child);
  return child;
}

/** Lifts the inner grandchild two levels: the cure where side s is too high on its inside. */
function rotateUpTwice(segments: readonly Int32Array[], node: Ref, side: number): Ref {
  const child = link(segments, node, LEFT + side);
  const top = rotateUp(segments, child, 1 - side);
  const lean = balance(segments, top);
  rotateUp(segments, node, side);
  setBalance(segments, node, lean === side + 1 ? 2 - side : LEVEL);
  setBalance(segments, child, lean === 2 - side ? side + 1 : LEVEL);
  setBalance(segments, top, LEVEL);
  return top;
}

/**
 * Restores balance above a leaf that was just linked in. One rotation at most; on average the walk
 * ends after two levels.
 *
 * @returns the tree's root
 */
export function rebalanceAfterInsert(segments: readonly Int32Array[], root: Ref, leaf: Ref): Ref {
  let child = leaf;
  let node = link(segments, leaf, PARENT);
  while (node !== NONE) {
    const side = link(segments, node, RIGHT) === child ? 1 : 0;
    const lean = balance(segments, node);
    if (lean === LEVEL) {
      setBalance(segments, node, side + 1);
      child = node;
      node = link(segments, node, PARENT);
      continue;
    }
    if (lean !== side + 1) {
      setBalance(segments, node, LEVEL);
      return root;
    }
    let top: Ref;
    if (balance(segments, child) === side + 1) {
      top = rotateUp(segments, node, side);
      setBalance(segments, node, LEVEL);
      setBalance(segments, top, LEVEL);
    } else {
      top = rotateUpTwice(segments, node, side);
    }
    return node === root ? top : root;
  }
  return root;
}

/**
 * Takes a node without elements of its own out of the tree; its block stays. O(log n).
 *
 * @param next the node behind it in the order, which takes its place where both sides are taken
 * @returns the tree's root
 */
export function removeNode(
  segments: readonly Int32Array[],
  root: Ref,
  node: Ref,
  next: Ref,
): Ref {
  const left = link(segments, node, LEFT);
  const right = link(segments, node, RIGHT);
  const parent = link(segments, node, PARENT);
  let heir: Ref; // takes the node's place
  let shrunk: Ref; // lowest node one of whose sides may have lost a level
  let side: number; // and which
  if (left !== NONE && right !== NONE) {
    heir = next;
    if (heir === right) {
      shrunk = heir;
      side = 1;
    } else {
      shrunk = link(segments, heir, PARENT);
      side = 0;
      const orphan = link(segments, heir, RIGHT);
      setLink(segments, shrunk, LEFT, orphan);
      if (orphan !== NONE) setLink(segments, orphan, PARENT, shrunk);
      const moved = lengthOf(segments, heir);
      for (let up = shrunk; up !== node; up = link(segments, up, PARENT)) {
        setLink(segments, up, COUNT, link(segments, up, COUNT) - moved);
      }
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
  return rebalanceAfterRemove(segments, node === root ? heir : root, shrunk, side);
}

/**
 * Restores balance from `node` upwards after its given side has lost a level. O(log n) rotations
 * at worst.
 *
 * @returns the tree's root
 */
function rebalanceAfterRemove(
  segments: readonly Int32Array[],
  root: Ref,
  node: Ref,
  side: number,
): Ref {
  while (node !== NONE) {
    const parent = link(segments, node, PARENT);
    const parentSide = parent !== NONE && link(segments, parent, RIGHT) === node ? 1 : 0;
    const lean = balance(segments, node);
    if (lean === LEVEL) {
      setBalance(segments, node, 2 - side);
      return root;
    }
    if (lean === side + 1) {
      setBalance(segments, node, LEVEL);
    } else {
      const high = 1 - side;
      const child = link(segments, node, LEFT + high);
      const childLean = balance(segments, child);
      let top: Ref;
      if (childLean === side + 1) {
        top = rotateUpTwice(segments, node, high);
      } else {
        top = rotateUp(segments, node, high);
        setBalance(segments, node, childLean === LEVEL ? high + 1 : LEVEL);
        setBalance(segments, top, childLean === LEVEL ? side + 1 : LEVEL);
      }
      if (node === root) root = top;
      if (childLean === LEVEL) return root;
    }
    node = parent;
    side = parentSide;
  }
  return root;
}
