// The AVL tree of large sorted sets, with a million elements.

import { Arena, NONE, type Ref } from "../../structures/arena.ts";
import { AvlTree } from "../../structures/avl_tree.ts";
import { createElement } from "../../structures/sorted_set_element.ts";
import { ELEMENTS, names, OPERATIONS, Sequence } from "./population.ts";

const arena = new Arena();
const tree = new AvlTree(arena);
const members = names(ELEMENTS);
const random = new Sequence();
const nodes = new Int32Array(ELEMENTS);
let root: Ref = NONE;
for (let i = 0; i < ELEMENTS; i++) {
  nodes[i] = createElement(arena, random.below(ELEMENTS), members, i * 16, 16);
  root = tree.insert(root, nodes[i]);
}

Deno.bench({
  name: `remove and insert one of 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) {
      const node = nodes[random.below(ELEMENTS)];
      root = tree.remove(root, node);
      root = tree.insert(root, node);
    }
  },
});

Deno.bench({
  name: `seek a score among 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) tree.seekScore(root, random.below(ELEMENTS), true);
  },
});

Deno.bench({
  name: `rank of one of 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) tree.rankOf(nodes[random.below(ELEMENTS)]);
  },
});

Deno.bench({
  name: `element by rank among 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) tree.at(root, random.below(ELEMENTS));
  },
});

Deno.bench({
  name: `10,000 ranks on from one of 1 M, × ${OPERATIONS}`,
  group: "avl",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) tree.offset(nodes[random.below(ELEMENTS)], 10_000);
  },
});
