import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Arena, NONE, type Ref } from "../../structures/arena.ts";
import { AvlTree } from "../../structures/avl_tree.ts";
import { setLink } from "../../structures/avl_balance.ts";
import { compareBytes } from "../../structures/byte_order.ts";
import {
  COUNT,
  createElement,
  LENGTH_AND_BALANCE,
  memberLength,
  memberStart,
  PARENT,
  RIGHT,
  scoreOf,
} from "../../structures/sorted_set_element.ts";

interface Item {
  score: number;
  member: Uint8Array;
  node: Ref;
}

const encoder = new TextEncoder();

function compareItems(a: Item, b: Item): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  return compareBytes(a.member, 0, a.member.length, b.member, 0, b.member.length);
}

function memberOf(arena: Arena, node: Ref): Uint8Array {
  const start = memberStart(node);
  return arena.bytes[node >>> 23].slice(start, start + memberLength(arena, node));
}

/** A tree beside a sorted array that does the same the slow way. */
class TreeAndModel {
  readonly arena = new Arena();
  readonly tree = new AvlTree(this.arena);
  readonly items: Item[] = [];
  root: Ref = NONE;
  readonly startBytes = this.arena.usedBytes;

  insert(score: number, member: Uint8Array): void {
    const item: Item = { score, member, node: NONE };
    const at = this.items.findIndex((other) => compareItems(other, item) >= 0);
    if (at >= 0 && compareItems(this.items[at], item) === 0) return;
    item.node = createElement(this.arena, score, member, 0, member.length);
    this.root = this.tree.insert(this.root, item.node);
    this.items.splice(at < 0 ? this.items.length : at, 0, item);
  }

  removeAt(index: number): void {
    const [item] = this.items.splice(index, 1);
    this.root = this.tree.remove(this.root, item.node);
    this.arena.free(item.node);
  }

  nodeAt(index: number): Ref {
    return this.items[index]?.node ?? NONE;
  }

  verify(): void {
    this.tree.verify(this.root);
    assertEquals(this.tree.count(this.root), this.items.length);
    let node = this.tree.first(this.root);
    for (const item of this.items) {
      assertEquals(node, item.node);
      assertEquals(scoreOf(this.arena, node), item.score);
      assertEquals(memberOf(this.arena, node), item.member);
      node = this.tree.next(node);
    }
    assertEquals(node, NONE);
  }

  end(): void {
    while (this.items.length > 0) this.removeAt(this.items.length >> 1);
    assertEquals(this.root, NONE);
    assertEquals(this.arena.usedBytes, this.startBytes);
    this.arena.verify();
  }
}

const scores = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-Infinity, Infinity, 0.5, -0.5, 1e300),
);
const members = fc.uint8Array({ maxLength: 3, max: 3 });
const operations = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ score: scores, member: members }) },
    { weight: 1, arbitrary: fc.record({ removeAt: fc.nat() }) },
  ),
  { maxLength: 120, size: "max" },
);

Deno.test("AVL tree: random insertions and removals keep order, counts and balance", () => {
  fc.assert(
    fc.property(operations, (steps) => {
      const both = new TreeAndModel();
      for (const step of steps) {
        if ("score" in step) both.insert(step.score, step.member);
        else if (both.items.length > 0) both.removeAt(step.removeAt % both.items.length);
        both.tree.verify(both.root);
      }
      both.verify();
      both.end();
    }),
    { numRuns: 60 },
  );
});

Deno.test("AVL tree: every seek answers what a scan of the sorted elements answers", () => {
  fc.assert(
    fc.property(operations, scores, members, (steps, score, member) => {
      const both = new TreeAndModel();
      for (const step of steps) if ("score" in step) both.insert(step.score, step.member);
      const { tree, root, items } = both;
      const probe: Item = { score, member, node: NONE };
      const nodeOf = (item: Item | undefined) => item?.node ?? NONE;
      assertEquals(
        tree.seekScoreMember(root, score, member, 0, member.length),
        nodeOf(items.find((item) => compareItems(item, probe) >= 0)),
      );
      assertEquals(
        tree.seekScore(root, score, true),
        nodeOf(items.find((item) => item.score >= score)),
      );
      assertEquals(
        tree.seekScore(root, score, false),
        nodeOf(items.find((item) => item.score > score)),
      );
      assertEquals(
        tree.lastBelowScore(root, score, true),
        nodeOf(items.findLast((item) => item.score <= score)),
      );
      assertEquals(
        tree.lastBelowScore(root, score, false),
        nodeOf(items.findLast((item) => item.score < score)),
      );
      both.end();
    }),
    { numRuns: 100 },
  );
});

Deno.test("AVL tree: lexical seeks among equal scores", () => {
  fc.assert(
    fc.property(fc.array(members, { maxLength: 60 }), members, (all, probe) => {
      const both = new TreeAndModel();
      for (const member of all) both.insert(7, member);
      const { tree, root, items } = both;
      const order = (item: Item) =>
        compareBytes(item.member, 0, item.member.length, probe, 0, probe.length);
      const seek = (inclusive: boolean) => tree.seekMember(root, probe, 0, probe.length, inclusive);
      const last = (inclusive: boolean) =>
        tree.lastBelowMember(root, probe, 0, probe.length, inclusive);
      assertEquals(seek(true), items.find((item) => order(item) >= 0)?.node ?? NONE);
      assertEquals(seek(false), items.find((item) => order(item) > 0)?.node ?? NONE);
      assertEquals(last(true), items.findLast((item) => order(item) <= 0)?.node ?? NONE);
      assertEquals(last(false), items.findLast((item) => order(item) < 0)?.node ?? NONE);
      both.end();
    }),
    { numRuns: 100 },
  );
});

Deno.test("AVL tree: ranks and distances, within the tree and beyond its ends", () => {
  for (const size of [0, 1, 2, 3, 10, 41]) {
    const both = new TreeAndModel();
    for (let i = 0; i < size; i++) both.insert((i * 17) % size, encoder.encode(`m${i}`));
    const { tree, root } = both;
    for (let rank = -2; rank <= size + 1; rank++) {
      assertEquals(tree.at(root, rank), both.nodeAt(rank));
    }
    for (let rank = 0; rank < size; rank++) {
      const node = both.nodeAt(rank);
      assertEquals(tree.rankOf(node), rank);
      assertEquals(tree.next(node), both.nodeAt(rank + 1));
      assertEquals(tree.previous(node), both.nodeAt(rank - 1));
      for (let delta = -size - 1; delta <= size + 1; delta++) {
        assertEquals(tree.offset(node, delta), both.nodeAt(rank + delta));
        const other = both.nodeAt(rank + delta);
        assertEquals(
          tree.countBetween(node, other),
          other === NONE || delta < 0 ? 0 : delta + 1,
        );
      }
      assertEquals(tree.offset(node, 2 ** 40), NONE);
      assertEquals(tree.offset(node, -(2 ** 40)), NONE);
    }
    assertEquals(tree.at(root, NaN), NONE);
    both.end();
  }
});

Deno.test("AVL tree: ascending, descending and alternating insertions stay balanced", () => {
  const orders: ((i: number) => number)[] = [(i) => i, (i) => -i, (i) => i % 2 === 0 ? i : -i];
  for (const scoreAt of orders) {
    const both = new TreeAndModel();
    for (let i = 0; i < 1000; i++) both.insert(scoreAt(i), encoder.encode("x"));
    both.verify();
    while (both.items.length > 500) both.removeAt(0);
    both.verify();
    while (both.items.length > 100) both.removeAt(both.items.length - 1);
    both.verify();
    both.end();
  }
});

Deno.test("AVL tree: fromSorted builds a balanced tree of any size", () => {
  for (let size = 0; size < 140; size++) {
    const both = new TreeAndModel();
    for (let i = 0; i < size; i++) {
      const member = encoder.encode(String(i));
      const node = createElement(both.arena, i, member, 0, member.length);
      if (i > 0) setLink(both.arena.words, both.items[i - 1].node, RIGHT, node);
      both.items.push({ score: i, member, node });
    }
    both.root = both.tree.fromSorted(both.nodeAt(0), size);
    both.verify();
    both.insert(0.5, encoder.encode("more"));
    both.verify();
    both.end();
  }
});

Deno.test("AVL tree: verify sees wrong counts, balances, parents and order", () => {
  const damages: ((both: TreeAndModel) => void)[] = [
    (both) => setLink(both.arena.words, both.nodeAt(3), COUNT, 9),
    (both) => setLink(both.arena.words, both.nodeAt(0), LENGTH_AND_BALANCE, (2 << 2) | 1),
    (both) => setLink(both.arena.words, both.nodeAt(2), PARENT, both.nodeAt(2)),
    (both) => {
      const node = both.nodeAt(4);
      both.arena.doubles[node >>> 23][node & ((1 << 23) - 1)] = -5;
    },
  ];
  for (const damage of damages) {
    const both = new TreeAndModel();
    for (let i = 0; i < 7; i++) both.insert(i, encoder.encode(`m${i}`));
    both.verify();
    damage(both);
    assertThrows(() => both.tree.verify(both.root));
  }
});

Deno.test("AVL tree: members longer than a copy loop's worth keep their bytes", () => {
  const both = new TreeAndModel();
  for (const length of [0, 1, 64, 65, 4096, 70_000]) {
    both.insert(1, new Uint8Array(length).fill(length & 0xff));
  }
  both.verify();
  assert(memberLength(both.arena, both.nodeAt(0)) === 0);
  both.end();
});
