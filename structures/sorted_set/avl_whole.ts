/**
 * What is done with an AVL tree as a whole: made of nodes in order, and checked.
 */

import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import { balance, LEVEL, setBalance } from "./avl_balance.ts";
import { elementAt, scoreAt } from "./avl_block.ts";
import { lengthOf, link, readBeginning, setLink } from "./avl_node.ts";
import { compareElements, memberLength, memberStart, scoreOf } from "./sorted_set_element.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  BEGINNING,
  BEGINNING_WORDS,
  BLOCK,
  BLOCK_BYTES,
  COUNT,
  FIRST,
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

/** Nodes begin at multiples of as many granules: each is one cache line. */
const NODE_MASK = 7;

/** Levels of a subtree of minimal height with so many nodes. */
function minimalHeight(nodes: number): number {
  return 32 - Math.clz32(nodes);
}

/** Makes a tree of minimal height of the nodes that its first leads to. O(nodes). */
export function buildTree(segments: readonly Int32Array[], tree: Ref): void {
  let next = link(segments, tree, FIRST_NODE);
  const countOf = (node: Ref) => node === NONE ? 0 : link(segments, node, COUNT);
  // Goes no deeper than the tree is high.
  const subtree = (size: number): Ref => {
    if (size === 0) return NONE;
    const lowerSize = (size - 1) >> 1;
    const higherSize = size - 1 - lowerSize;
    const lower = subtree(lowerSize);
    const node = next;
    next = link(segments, node, NEXT);
    const higher = subtree(higherSize);
    setLink(segments, node, LEFT, lower);
    setLink(segments, node, RIGHT, higher);
    if (lower !== NONE) setLink(segments, lower, PARENT, node);
    if (higher !== NONE) setLink(segments, higher, PARENT, node);
    setLink(segments, node, COUNT, lengthOf(segments, node) + countOf(lower) + countOf(higher));
    const isLevel = minimalHeight(lowerSize) === minimalHeight(higherSize);
    setBalance(segments, node, isLevel ? LEVEL : RIGHT + 1);
    return node;
  };
  setLink(segments, tree, ROOT, subtree(link(segments, tree, NODES)));
}

/**
 * Checks order, links, counts and balances, and that elements, blocks and nodes know each other. O(n).
 *
 * @param capacity most elements in a node
 * @throws {AssertionError} at the first that does not hold
 */
export function verifyTree(arena: Arena, tree: Ref, capacity: number): void {
  const segments = arena.words;
  const root = link(segments, tree, ROOT);
  let expected = link(segments, tree, FIRST_NODE);
  let previous: Ref = NONE;
  let lastElement: Ref = NONE;
  let nodes = 0;
  const beginning = new Int32Array(BEGINNING_WORDS);
  /** Checks the next node of the order. */
  const visit = (node: Ref): void => {
    assert(node === expected, "nodes that do not follow each other as the tree has them");
    assert((node & NODE_MASK) === 0 && arena.capacity(node) === NODE_BYTES, "a misplaced node");
    assert(link(segments, node, PREVIOUS) === previous, "a wrong previous node");
    const block = link(segments, node, BLOCK);
    assert(
      (block & INDEX_MASK) === 0 && arena.capacity(block) === BLOCK_BYTES,
      "a misplaced block",
    );
    assert(link(segments, block, NODE) === node, "a block with another node");
    const length = lengthOf(segments, node);
    assert(length > 0 && length <= capacity, `a node of ${length} elements`);
    assert(link(segments, node, FIRST) === elementAt(segments, block), "a wrong first element");
    const firstScore = arena.doubles[node >>> SEGMENT_SHIFT][(node & SEGMENT_MASK) + FIRST_SCORE];
    assert(Object.is(firstScore, scoreAt(arena.doubles, block)), "a wrong first score");
    const first = elementAt(segments, block);
    const member = arena.bytes[first >>> SEGMENT_SHIFT];
    readBeginning(beginning, member, memberStart(first), memberLength(arena, first));
    for (let i = 0; i < BEGINNING_WORDS; i++) {
      assert(link(segments, node, BEGINNING + i) === beginning[i], "a wrong beginning");
    }
    for (let position = block; position < (block | length); position++) {
      const element = elementAt(segments, position);
      assert(link(segments, element, IN_BLOCK) === block, "an element with another block");
      const isSame = Object.is(scoreOf(arena, element), scoreAt(arena.doubles, position));
      assert(isSame, "an element with another score");
      assert(
        lastElement === NONE || compareElements(arena, lastElement, element) < 0,
        "elements out of order",
      );
      lastElement = element;
    }
    nodes++;
    previous = node;
    expected = link(segments, node, NEXT);
  };
  /** Checks a subtree and answers its height; `counted` is then its count. */
  let counted = 0;
  const check = (node: Ref, parent: Ref, depth: number): number => {
    counted = 0;
    if (node === NONE) return 0;
    assert(depth < 48, "a cycle, or a tree too high to be balanced");
    assert(link(segments, node, PARENT) === parent, "a node with another parent");
    const left = check(link(segments, node, LEFT), node, depth + 1);
    const lower = counted;
    visit(node);
    const right = check(link(segments, node, RIGHT), node, depth + 1);
    counted += lower + lengthOf(segments, node);
    assert(link(segments, node, COUNT) === counted, "a wrong subtree count");
    assert(Math.abs(left - right) <= 1, "a node out of balance");
    const lean = left === right ? LEVEL : left > right ? LEFT + 1 : RIGHT + 1;
    assert(balance(segments, node) === lean, "a wrong balance");
    return Math.max(left, right) + 1;
  };
  check(root, NONE, 0);
  assert(expected === NONE, "nodes behind those that the tree has");
  assert(link(segments, tree, NODES) === nodes, "a wrong number of nodes");
  assert(link(segments, tree, LAST_NODE) === previous, "a wrong last node");
}
