// Lists with inner nodes that are packed, against arrays; which nodes are; what packing saves.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { lazyFreeWorkers } from "../../../server/platform/workers.ts";
import { Arena, ArenaFullError, NONE, type Ref } from "../../../structures/arena/arena.ts";
import { LazyFree } from "../../../structures/lazy_free/lazy_free.ts";
import { List } from "../../../structures/list/list.ts";
import { QUICKLIST_SHAPE, QuicklistChain } from "../../../structures/list/quicklist_chain.ts";
import { EntryRun } from "../../../structures/listpack/entry_run.ts";
import { SeededRandom } from "../seeded_random.ts";
import { ListAndModel } from "./list_model.ts";

/** Whether each node of a chain is packed: `-` plain, `#` packed. */
function nodesOf({ arena, list, isChain }: ListAndModel): string {
  if (!isChain) return "";
  const chain = new QuicklistChain(arena);
  let nodes = "";
  for (let node = chain.first(list.ref); node !== NONE; node = chain.next(node)) {
    nodes += chain.packed.isPacked(chain.blockOf(node)) ? "#" : "-";
  }
  return nodes;
}

/** Whether packing a node's block would change it. */
function isWorthPacking({ arena }: ListAndModel, chain: QuicklistChain, node: Ref): boolean {
  const block = chain.blockOf(node);
  const copy = arena.allocate(arena.capacity(block));
  arena.copy(block, 0, copy, 0, arena.capacity(block));
  const packed = chain.packed.pack(copy);
  arena.free(packed);
  return packed !== copy;
}

/** The nodes at the ends are plain, and all others packed that gain by it. */
function verifyPacking(both: ListAndModel, depth: number): void {
  if (!both.isChain) return;
  const chain = new QuicklistChain(both.arena);
  const count = chain.nodeCount(both.list.ref);
  if (count <= 2 * depth) return;
  let i = 0;
  for (let node = chain.first(both.list.ref); node !== NONE; node = chain.next(node), i++) {
    const isPacked = chain.packed.isPacked(chain.blockOf(node));
    if (i < depth || i >= count - depth) assert(!isPacked, "a packed node at an end");
    else if (!isPacked) assert(!isWorthPacking(both, chain, node), "a plain node inside");
  }
}

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "bb", "ccc", "", "\0\xff", "7", "-12", "70000") },
  { weight: 3, arbitrary: fc.constantFrom("x".repeat(40), "xy".repeat(60), "wide ".repeat(300)) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.constantFrom("9223372036854775807", "z".repeat(9000)) },
);
const index = fc.nat({ max: 100 });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant("push" as const), fc.boolean(), texts) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("pop" as const), fc.boolean()) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("insert" as const), index, fc.boolean(), texts) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("replace" as const), index, texts) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("range" as const), index, fc.nat({ max: 30 })) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant("equal" as const),
      texts,
      fc.constantFrom(1, 2, Infinity),
      fc.boolean(),
    ),
  },
);

Deno.test("packed lists: random changes at every depth and limit, against an array", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200, size: "max" }),
      fc.constantFrom(-2, -1, 1, 2, 5, 16),
      fc.constantFrom(1, 2, 5),
      (steps, limit, depth) => {
        const both = new ListAndModel(limit, new Arena(), depth);
        for (let i = 0; i < 40; i++) both.push(false, "element ".repeat(9) + i % 3);
        for (const step of steps) {
          if (step[0] === "push") both.push(step[1], step[2]);
          else if (step[0] === "pop") both.pop(step[1]);
          else if (step[0] === "insert") both.insert(step[1], step[2], step[3]);
          else if (step[0] === "replace") both.replace(step[1], step[2]);
          else if (step[0] === "range") both.removeRange(step[1], step[2]);
          else both.removeEqual(step[1], step[2], step[3]);
          both.list.verify();
        }
        verifyPacking(both, depth);
        both.verify();
        both.verifyIndexes();
        both.end();
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("packed lists: the depth may change at any time", () => {
  const random = new SeededRandom(3);
  const both = new ListAndModel(8, new Arena(), 1);
  for (let i = 0; i < 6000; i++) {
    if (i % 100 === 0) both.limits.compressDepth = random.below(4);
    const at = random.below(both.model.length + 1);
    const what = random.below(12);
    const text = `element ${random.below(9)}`.repeat(5);
    if (what < 4 || both.model.length < 100) both.push(random.below(2) === 0, text);
    else if (what < 7) both.pop(random.below(2) === 0);
    else if (what < 9) both.insert(at, random.below(2) === 0, text);
    else if (what < 10) both.replace(at, text);
    else if (what === 10) both.removeRange(at, random.below(20));
    else both.removeEqual(text, 3, random.below(2) === 0);
    if (i % 200 === 0) both.verify();
  }
  both.verify();
  both.verifyIndexes();
  both.end();
});

Deno.test("packed lists: removals of equal elements from more nodes than are open at a time", () => {
  const random = new SeededRandom(11);
  for (const backwards of [true, false]) {
    const both = new ListAndModel(20, new Arena(), 1);
    for (let i = 0; i < 2000; i++) {
      both.push(false, random.below(3) === 0 ? "to go" : `stays, about ${random.below(20)}`);
    }
    // Plain blocks with room in front, among those that are packed.
    both.limits.compressDepth = 0;
    for (let i = 0; i < 60; i++) both.insert(random.below(900), true, "to go");
    both.limits.compressDepth = 1;
    both.removeEqual("to go", 400, backwards);
    both.verify();
    both.removeEqual("to go", Infinity, backwards);
    both.verify();
    both.end();
  }
});

Deno.test("packed lists: as many nodes are plain at either end as the depth says", () => {
  const text = "much of the same ".repeat(6);
  for (const atHead of [true, false]) {
    const both = new ListAndModel(4, new Arena(), 2);
    for (let i = 0; i < 28; i++) both.push(atHead, text);
    assertEquals(nodesOf(both), "--###--");
    for (let i = 0; i < 4; i++) both.pop(true);
    assertEquals(nodesOf(both), "--##--");
    for (let i = 0; i < 4; i++) both.pop(false);
    assertEquals(nodesOf(both), "--#--");
    both.insert(9, false, text);
    both.verify();
    both.end();
  }
});

Deno.test("packed lists: what is small, or saves little, stays plain", () => {
  const nodes = (text: () => string) => {
    const both = new ListAndModel(3, new Arena(), 1);
    for (let i = 0; i < 12; i++) both.push(false, text());
    both.verify();
    const found = nodesOf(both);
    both.end();
    return found;
  };
  const random = new SeededRandom(9);
  const noise = () =>
    Array.from({ length: 90 }, () => String.fromCharCode(random.below(256))).join("");
  assertEquals(nodes(() => "aaaaa"), "----");
  assertEquals(nodes(noise), "----");
  assertEquals(nodes(() => "a".repeat(90)), "-##-");
});

Deno.test("packed lists: reading changes nothing, and runs are what they were when the next is seen", () => {
  const both = new ListAndModel(-1, new Arena(), 1);
  for (let i = 0; i < 3000; i++) both.push(false, `element of a packed list ${i % 50}`);
  const { arena, list } = both;
  const { usedBytes } = arena;
  const nodes = nodesOf(both);
  const run = new EntryRun();
  const seen: string[] = [];
  list.seekFirst();
  while (seen.length < both.model.length) {
    list.nextRun(run, both.model.length - seen.length);
    assert(run.count > 0);
    for (let i = 0; i < run.count; i++) {
      const text = run.bytes.slice(run.starts[i], run.starts[i] + run.lengths[i]);
      seen.push(new TextDecoder().decode(text));
    }
  }
  assertEquals(seen, both.model);
  both.verifyIndexes();
  assertEquals(arena.usedBytes, usedBytes);
  assertEquals(nodesOf(both), nodes);
  both.end();
});

Deno.test("packed lists: a fraction of the memory where elements are alike", () => {
  const bytes = (depth: number) => {
    const both = new ListAndModel(-2, new Arena(), depth);
    for (let i = 0; i < 20_000; i++) both.push(false, `{"name":"somebody","id":${i}}`);
    const used = both.list.memoryBytes();
    both.end();
    return used;
  };
  assert(bytes(1) < bytes(0) / 3);
});

Deno.test("packed lists: lazy frees reach every block, here and in a Worker", async () => {
  for (const workers of [0, 1]) {
    const arena = new Arena();
    const { usedBytes } = arena;
    const list = new List(arena, { maxListpackSize: -1, compressDepth: 1 });
    list.create();
    const bytes = new TextEncoder().encode("one and the same element ".repeat(4));
    for (let i = 0; i < 5000; i++) {
      list.prepare(1, bytes.length);
      list.pushLast(bytes, 0, bytes.length);
    }
    const free = new LazyFree(arena, [QUICKLIST_SHAPE], workers, lazyFreeWorkers());
    free.post(0, list.ref);
    await free.drained();
    free.close();
    assertEquals(arena.usedBytes, usedBytes);
    arena.verify();
  }
});

Deno.test("packed lists: a full arena leaves the list whole", () => {
  const arena = new Arena(1);
  const both = new ListAndModel(-1, arena, 1);
  for (let i = 0; i < 4000; i++) both.push(false, `element of a packed list ${i % 50}`);
  const blocks: Ref[] = [];
  // The largest blocks first, down to the smallest: nothing is left.
  for (let size = 65_536; size >= 8; size /= 2) {
    for (;;) {
      try {
        blocks.push(arena.allocate(size));
      } catch (error) {
        assert(error instanceof ArenaFullError);
        break;
      }
    }
  }
  assertThrows(() => both.insert(2000, true, "in the middle".repeat(20)), ArenaFullError);
  assertEquals(both.model.length, 4000);
  both.list.verify();
  for (const block of blocks) arena.free(block);
  both.verify();
  for (let i = 0; i < 3990; i++) both.pop(i % 2 === 0);
  both.verify();
  both.end();
});
