/** The AVL tree of large sorted sets, with a million elements. */

import { Arena } from "../../structures/arena/arena.ts";
import { AvlTree } from "../../structures/sorted_set/avl_tree.ts";
import { createElement } from "../../structures/sorted_set/sorted_set_element.ts";
import { ELEMENTS, names, OPERATIONS, Sequence } from "./population.ts";

const arena = new Arena();
const avl = new AvlTree(arena);
const members = names(ELEMENTS);
const random = new Sequence();
const elements = new Int32Array(ELEMENTS);
const tree = arena.allocateZeroed(16);
for (let i = 0; i < ELEMENTS; i++) {
  const score = random.below(ELEMENTS);
  elements[i] = createElement(arena, score, members, i * 16, 16);
  avl.insert(tree, elements[i], score);
}

function randomPosition(): number {
  return avl.positionOf(elements[random.below(ELEMENTS)]);
}

Deno.bench({
  name: `another score for one of 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) {
      avl.setScore(tree, randomPosition(), random.below(ELEMENTS));
    }
  },
});

Deno.bench({
  name: `seek a score among 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) avl.seekScore(tree, random.below(ELEMENTS), true);
  },
});

Deno.bench({
  name: `rank of one of 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) avl.rankOf(randomPosition());
  },
});

Deno.bench({
  name: `element by rank among 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) avl.at(tree, random.below(ELEMENTS));
  },
});

Deno.bench({
  name: `10,000 ranks on from one of 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) avl.offset(randomPosition(), 10_000);
  },
});
