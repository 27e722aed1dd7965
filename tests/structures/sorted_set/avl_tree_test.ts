import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  Arena,
  ArenaFullError,
  NONE,
  type Ref,
  SEGMENT_MASK,
  SEGMENT_SHIFT,
} from "../../../structures/arena/arena.ts";
import { AvlTree } from "../../../structures/sorted_set/avl_tree.ts";
import { link, setLink } from "../../../structures/sorted_set/avl_node.ts";
import { compareBytes } from "../../../structures/bytes/byte_order.ts";
import {
  createElement,
  memberLength,
  memberStart,
  scoreOf,
} from "../../../structures/sorted_set/sorted_set_element.ts";
import { SeededRandom } from "../seeded_random.ts";
import {
  BEGINNING,
  BLOCK_CAPACITY,
  COUNT,
  FIRST,
  FIRST_SCORE,
  IN_BLOCK,
  INDEX_MASK,
  LENGTH_AND_BALANCE,
  NODE,
  PARENT,
  PREVIOUS,
} from "../../../structures/sorted_set/sorted_set_layout.ts";

interface Item {
  score: number;
  member: Uint8Array;
  element: Ref;
}

/** With few elements a node, nearly every change is one of the tree. */
const CAPACITIES = [2, 3, 4, 8, 13];
const TREE_BYTES = 16;
const encoder = new TextEncoder();

function compareItems(a: Item, b: Item): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  return compareBytes(a.member, 0, a.member.length, b.member, 0, b.member.length);
}

/** A tree beside a sorted array that does the same the slow way. */
class TreeAndModel {
  readonly arena = new Arena();
  readonly avl: AvlTree;
  readonly items: Item[] = [];
  readonly startBytes = this.arena.usedBytes;
  readonly tree = this.arena.allocateZeroed(TREE_BYTES);

  constructor(capacity: number) {
    this.avl = new AvlTree(this.arena, capacity);
  }

  /** Index of the first item that is not below another, the number of items where all are. */
  indexFor(item: Item): number {
    const index = this.items.findIndex((other) => compareItems(other, item) >= 0);
    return index < 0 ? this.items.length : index;
  }

  create(score: number, member: Uint8Array): Item {
    const element = createElement(this.arena, score, member, 0, member.length);
    return { score, member, element };
  }

  insert(score: number, member: Uint8Array): void {
    const probe = { score, member, element: NONE };
    const at = this.indexFor(probe);
    if (at < this.items.length && compareItems(this.items[at], probe) === 0) return;
    const item = this.create(score, member);
    this.avl.insert(this.tree, item.element, score);
    this.items.splice(at, 0, item);
  }

  setScore(index: number, score: number): void {
    const [item] = this.items.splice(index, 1);
    const at = this.indexFor({ ...item, score });
    if (at < this.items.length && compareItems(this.items[at], { ...item, score }) === 0) {
      this.items.splice(index, 0, item);
      return;
    }
    this.avl.setScore(this.tree, this.avl.positionOf(item.element), score);
    item.score = score;
    this.items.splice(at, 0, item);
  }

  /** Removes elements as far as the node of the first goes, and answers how many. */
  removeAt(index: number, count: number): number {
    const position = this.positionAt(index);
    const expected = Math.min(count, this.avl.runFrom(position));
    const following = this.avl.remove(this.tree, position, count);
    for (const { element } of this.items.splice(index, expected)) this.arena.free(element);
    assertEquals(following, this.positionAt(index), "not the position of what followed");
    return expected;
  }

  positionAt(index: number): number {
    const element = this.items[index]?.element;
    return element === undefined ? NONE : this.avl.positionOf(element);
  }

  verify(): void {
    const { arena, avl, tree, items } = this;
    avl.verify(tree);
    assertEquals(avl.count(tree), items.length);
    let position = avl.first(tree);
    for (const { element, score, member } of items) {
      assertEquals(avl.elementAt(position), element);
      assertEquals(avl.scoreAt(position), score);
      assertEquals(scoreOf(arena, element), score);
      const start = memberStart(element);
      const length = memberLength(arena, element);
      assertEquals(arena.bytes[element >>> SEGMENT_SHIFT].slice(start, start + length), member);
      position = avl.next(position);
    }
    assertEquals(position, NONE);
    position = avl.last(tree);
    for (const { element } of items.toReversed()) {
      assertEquals(avl.elementAt(position), element);
      position = avl.previous(position);
    }
    assertEquals(position, NONE);
    const elements = items.reduce((sum, { element }) => sum + arena.capacity(element), 0);
    assertEquals(
      avl.memoryBytes(tree),
      arena.usedBytes - this.startBytes - elements - arena.capacity(tree),
    );
  }

  end(): void {
    while (this.items.length > 0) this.removeAt(this.items.length >> 1, 1);
    this.verify();
    this.arena.free(this.tree);
    assertEquals(this.arena.usedBytes, this.startBytes);
    this.arena.verify();
  }
}

const capacities = fc.constantFrom(...CAPACITIES);
const scores = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-Infinity, Infinity, 0.5, -0.5, 1e300),
);
/** Members that only their ends tell apart, around where a node's copy of them ends. */
const members = fc.oneof(
  fc.uint8Array({ maxLength: 3, max: 3 }),
  fc.tuple(fc.constantFrom(16, 18, 19, 20, 21), fc.uint8Array({ maxLength: 3, max: 2 })).map(
    ([same, end]) => Uint8Array.of(...new Uint8Array(same).fill(200), ...end),
  ),
);
const operations = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ score: scores, member: members }) },
    { weight: 2, arbitrary: fc.record({ move: fc.nat(), to: scores }) },
    { weight: 1, arbitrary: fc.record({ removeAt: fc.nat(), count: fc.constantFrom(1, 1, 2, 5) }) },
  ),
  { maxLength: 120, size: "max" },
);

function apply(
  both: TreeAndModel,
  step: { score: number; member: Uint8Array } | { move: number; to: number } | {
    removeAt: number;
    count: number;
  },
): void {
  const { length } = both.items;
  if ("score" in step) both.insert(step.score, step.member);
  else if (length === 0) return;
  else if ("move" in step) both.setScore(step.move % length, step.to);
  else both.removeAt(step.removeAt % length, step.count);
}

Deno.test("AVL tree: random changes keep order, links, counts and balance", () => {
  fc.assert(
    fc.property(operations, capacities, (steps, capacity) => {
      const both = new TreeAndModel(capacity);
      for (const step of steps) {
        apply(both, step);
        both.avl.verify(both.tree);
      }
      both.verify();
      both.end();
    }),
    { numRuns: 150 },
  );
});

Deno.test("AVL tree: thousands of splits and merges, by nodes as large as they get", () => {
  const random = new SeededRandom(17);
  for (const capacity of [8, BLOCK_CAPACITY]) {
    const both = new TreeAndModel(capacity);
    const sizes = [1500, 100, 900, 0];
    for (const size of sizes) {
      const grows = both.items.length < size;
      while (both.items.length !== size) {
        const index = random.below(both.items.length + 1);
        const change = random.below(4);
        if (change === 0 && index < both.items.length) both.setScore(index, random.below(700));
        else if (change === 1 && index < both.items.length) {
          both.setScore(index, both.items[index].score + random.below(3) - 1);
        } else if (grows) both.insert(random.below(700), encoder.encode(`m${random.below(1e6)}`));
        else if (index < both.items.length) both.removeAt(index, 1);
        if (random.below(50) === 0) both.avl.verify(both.tree);
      }
      both.verify();
    }
    both.end();
  }
});

Deno.test("AVL tree: every seek answers what a scan of the sorted elements answers", () => {
  fc.assert(
    fc.property(operations, capacities, scores, members, (steps, capacity, score, member) => {
      const both = new TreeAndModel(capacity);
      for (const step of steps) apply(both, step);
      const { avl, tree, items } = both;
      const probe: Item = { score, member, element: NONE };
      const positionOf = (item: Item | undefined) =>
        item === undefined ? NONE : avl.positionOf(item.element);
      assertEquals(
        avl.seekScoreMember(tree, score, member, 0, member.length),
        positionOf(items.find((item) => compareItems(item, probe) >= 0)),
      );
      assertEquals(
        avl.seekScore(tree, score, true),
        positionOf(items.find((item) => item.score >= score)),
      );
      assertEquals(
        avl.seekScore(tree, score, false),
        positionOf(items.find((item) => item.score > score)),
      );
      both.end();
    }),
    { numRuns: 200 },
  );
});

Deno.test("AVL tree: lexical seeks among equal scores", () => {
  fc.assert(
    fc.property(
      fc.array(members, { maxLength: 80 }),
      capacities,
      members,
      (all, capacity, probe) => {
        const both = new TreeAndModel(capacity);
        for (const member of all) both.insert(7, member);
        const order = (item: Item) =>
          compareBytes(item.member, 0, item.member.length, probe, 0, probe.length);
        const seek = (inclusive: boolean) =>
          both.avl.seekMember(both.tree, probe, 0, probe.length, inclusive);
        const { items } = both;
        const indexOf = (index: number) => index < 0 ? items.length : index;
        assertEquals(
          seek(true),
          both.positionAt(indexOf(items.findIndex((item) => order(item) >= 0))),
        );
        assertEquals(
          seek(false),
          both.positionAt(indexOf(items.findIndex((item) => order(item) > 0))),
        );
        both.end();
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("AVL tree: ranks and distances, within the tree and beyond its ends", () => {
  for (const [capacity, size] of [[3, 0], [3, 1], [3, 2], [3, 10], [3, 41], [8, 60], [42, 100]]) {
    const both = new TreeAndModel(capacity);
    for (let i = 0; i < size; i++) both.insert((i * 17) % size, encoder.encode(`m${i}`));
    const { avl, tree } = both;
    for (let rank = -2; rank <= size + 1; rank++) {
      assertEquals(avl.at(tree, rank), both.positionAt(rank));
    }
    for (let rank = 0; rank < size; rank++) {
      const position = both.positionAt(rank);
      assertEquals(avl.rankOf(position), rank);
      assertEquals(avl.next(position), both.positionAt(rank + 1));
      assertEquals(avl.previous(position), both.positionAt(rank - 1));
      for (let delta = -size - 1; delta <= size + 1; delta++) {
        assertEquals(avl.offset(position, delta), both.positionAt(rank + delta));
      }
      assertEquals(avl.offset(position, 2 ** 40), NONE);
      assertEquals(avl.offset(position, -(2 ** 40)), NONE);
    }
    assertEquals(avl.at(tree, NaN), NONE);
    both.end();
  }
});

Deno.test("AVL tree: ascending, descending and alternating insertions stay balanced", () => {
  const orders: ((i: number) => number)[] = [(i) => i, (i) => -i, (i) => i % 2 === 0 ? i : -i];
  for (const [at, scoreAt] of orders.entries()) {
    const both = new TreeAndModel(4);
    for (let i = 0; i < 1000; i++) both.insert(scoreAt(i), encoder.encode("x"));
    both.verify();
    // In order, whichever end it is at, every node is filled before the next begins.
    const full = 250 * (64 + 512);
    assert(at === 2 || both.avl.memoryBytes(both.tree) === full);
    while (both.items.length > 500) both.removeAt(0, 1);
    both.verify();
    while (both.items.length > 100) both.removeAt(both.items.length - 1, 1);
    both.verify();
    both.end();
  }
});

Deno.test("AVL tree: a tree that nearly empties gives nearly all of its nodes back", () => {
  const both = new TreeAndModel(BLOCK_CAPACITY);
  const random = new SeededRandom(3);
  for (let i = 0; i < 4000; i++) both.insert(random.below(1e6), encoder.encode(`m${i}`));
  const before = both.avl.memoryBytes(both.tree);
  while (both.items.length > 400) both.removeAt(random.below(both.items.length), 1);
  both.verify();
  assert(both.avl.memoryBytes(both.tree) < before / 4);
  both.end();
});

Deno.test("AVL tree: append and finish build a balanced tree of any size", () => {
  for (const capacity of [2, 3, 42]) {
    for (let size = 0; size < 140; size++) {
      const both = new TreeAndModel(capacity);
      for (let i = 0; i < size; i++) {
        const item = both.create(i, encoder.encode(String(i)));
        both.avl.append(both.tree, item.element, i);
        both.items.push(item);
      }
      both.avl.finish(both.tree);
      both.verify();
      both.insert(0.5, encoder.encode("more"));
      both.verify();
      both.end();
    }
  }
});

Deno.test("AVL tree: where no node can be had, nothing changes", () => {
  const arena = new Arena(1);
  const avl = new AvlTree(arena, 4);
  const tree = arena.allocateZeroed(TREE_BYTES);
  const member = encoder.encode("m");
  const elements = Array.from({ length: 9 }, (_, i) => createElement(arena, i * 10, member, 0, 1));
  const late = elements.pop()!;
  for (const [i, element] of elements.entries()) avl.insert(tree, element, i * 10);
  // The first node is full, so that an element between its own takes another.
  const fillers: Ref[] = [];
  for (const length of [65_536, 512, 64, 512]) {
    try {
      for (;;) fillers.push(arena.allocate(length));
    } catch (error) {
      assert(error instanceof ArenaFullError);
    }
    // First no room for a node, then for a node and not for its block.
    if (length === 64) arena.free(fillers.pop()!);
  }
  const used = arena.usedBytes;
  assertThrows(() => avl.insert(tree, late, 5), ArenaFullError);
  const last = avl.last(tree);
  assertThrows(() => avl.setScore(tree, last, 5), ArenaFullError);
  assertEquals([arena.usedBytes, avl.count(tree), avl.last(tree)], [used, 8, last]);
  assertEquals(scoreOf(arena, elements[7]), 70);
  avl.verify(tree);
  for (const filler of fillers) arena.free(filler);
  avl.setScore(tree, last, 5);
  avl.verify(tree);
  assertEquals(avl.rankOf(avl.positionOf(elements[7])), 1);
});

Deno.test("AVL tree: verify sees what is wrong with links, counts, copies and order", () => {
  const nodeAt = (both: TreeAndModel, index: number) =>
    link(both.arena.words, both.positionAt(index) & ~INDEX_MASK, NODE);
  const set = (field: number, value: (both: TreeAndModel, node: Ref) => number) =>
  (
    both: TreeAndModel,
  ) => {
    const node = nodeAt(both, 8);
    setLink(both.arena.words, node, field, value(both, node));
  };
  const damages: ((both: TreeAndModel) => void)[] = [
    set(COUNT, () => 9),
    set(LENGTH_AND_BALANCE, (both, node) => link(both.arena.words, node, LENGTH_AND_BALANCE) ^ 1),
    set(PARENT, (_, node) => node),
    set(PREVIOUS, (_, node) => node),
    set(FIRST, (both) => both.items[9].element),
    set(BEGINNING, () => 7),
    (both) => {
      const node = nodeAt(both, 8);
      both.arena.doubles[node >>> SEGMENT_SHIFT][(node & SEGMENT_MASK) + FIRST_SCORE] = 0.5;
    },
    (both) => setLink(both.arena.words, both.items[4].element, IN_BLOCK, both.tree),
    (both) => {
      const { element } = both.items[4];
      both.arena.doubles[element >>> SEGMENT_SHIFT][element & SEGMENT_MASK] = -5;
    },
    (both) => setLink(both.arena.words, both.tree, 2, NONE),
    (both) => setLink(both.arena.words, both.tree, 3, 1),
  ];
  for (const damage of damages) {
    const both = new TreeAndModel(4);
    for (let i = 0; i < 17; i++) both.insert(i, encoder.encode(`m${i}`));
    both.verify();
    damage(both);
    assertThrows(() => both.avl.verify(both.tree));
  }
});

Deno.test("AVL tree: members longer than a copy loop's worth keep their bytes", () => {
  const both = new TreeAndModel(3);
  for (const length of [0, 1, 64, 65, 4096, 70_000]) {
    both.insert(1, new Uint8Array(length).fill(length & 0xff));
  }
  both.verify();
  assert(memberLength(both.arena, both.items[0].element) === 0);
  both.end();
});
