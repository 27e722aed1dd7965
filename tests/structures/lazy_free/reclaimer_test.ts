import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { Arena, type Ref } from "../../../structures/arena/arena.ts";
import { Reclaimer } from "../../../structures/lazy_free/reclaimer.js";
import {
  CHAIN,
  CHAINED_SET,
  DATABASE,
  DisposableValues,
  SET,
  SHAPES,
} from "../disposable_values.ts";

/** How far a slice may go past its budget: the last blocks of a value go together. */
const OVERRUN_BLOCKS = 4;

/** Frees blocks and refuses one that it was given before. */
class Release {
  readonly blocks = new Set<Ref>();

  constructor(readonly arena: Arena) {}

  readonly free = (block: Ref): void => {
    assert(!this.blocks.has(block), "a block was released twice");
    this.blocks.add(block);
    this.arena.free(block);
  };
}

/** Walks a value in slices, each by another reclaimer than the one before. */
function walkInSlices(arena: Arena, shape: number, ref: Ref, slices: () => number): number {
  const release = new Release(arena);
  let [walker, other] = [0, 1].map(() => new Reclaimer(arena.words, SHAPES, release.free));
  let count = 0;
  walker.begin(shape, ref);
  while (walker.busy) {
    const before = release.blocks.size;
    const budget = slices();
    const left = walker.advance(budget);
    assertLessOrEqual(release.blocks.size - before, budget - Math.max(0, left) + OVERRUN_BLOCKS);
    assert(left <= 0 || !walker.busy, "stopped early");
    count++;
    other.resume(walker.suspend());
    assert(!walker.busy);
    [walker, other] = [other, walker];
  }
  return count;
}

function valuesOf(values: DisposableValues): [shape: number, ref: Ref][] {
  const rehashing = values.set(9462);
  assert(values.isRehashing(rehashing));
  return [
    ...[0, 1, 2, 40, 5000].map((size): [number, Ref] => [SET, values.set(size)]),
    [SET, rehashing],
    [SET, values.sparseSet(20, 100_000)],
    ...[0, 1, 2, 40, 5000].map((size): [number, Ref] => [CHAINED_SET, values.chainedSet(size)]),
    ...[0, 1, 2, 700].map((size): [number, Ref] => [CHAIN, values.chain(size)]),
    ...[0, 1, 8, 900].map((size): [number, Ref] => [DATABASE, values.database(size)]),
  ];
}

for (const blocks of [1, 2, 3, 7, 64, 1000, 1_000_000]) {
  Deno.test(`reclaimer: slices of ${blocks} blocks release every block once`, () => {
    const arena = new Arena();
    const start = arena.usedBytes;
    for (const hashMask of [-1, 0xff00001f | 0]) {
      for (const [shape, ref] of valuesOf(new DisposableValues(arena, hashMask))) {
        walkInSlices(arena, shape, ref, () => blocks);
        arena.verify();
      }
    }
    assertEquals(arena.usedBytes, start);
  });
}

Deno.test("reclaimer: slices of any sizes release a database to the byte", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 300 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }),
      (size, budgets) => {
        const arena = new Arena();
        const start = arena.usedBytes;
        const stays = arena.allocate(100);
        const ref = new DisposableValues(arena).database(size);
        let next = 0;
        walkInSlices(arena, DATABASE, ref, () => budgets[next++ % budgets.length]);
        arena.free(stays);
        assertEquals(arena.usedBytes, start);
        arena.verify();
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("reclaimer: other blocks may come and go between slices", () => {
  const arena = new Arena();
  const start = arena.usedBytes;
  const values = new DisposableValues(arena);
  const ref = values.database(500);
  const taken: Ref[] = [];
  walkInSlices(arena, DATABASE, ref, () => {
    // What was just freed is handed out again, and written over.
    for (const bytes of [16, 24, 40]) {
      const block = arena.allocate(bytes);
      for (let word = 0; word < bytes >> 2; word++) arena.setWord(block, word, -1);
      taken.push(block);
    }
    return 10;
  });
  for (const block of taken) arena.free(block);
  assertEquals(arena.usedBytes, start);
  arena.verify();
});

Deno.test("reclaimer: empty buckets cost something too", () => {
  const arena = new Arena();
  const ref = new DisposableValues(arena).sparseSet(40, 65_536);
  // Some chunks have nodes: 1,024 buckets each, of which a slice may pass one.
  assertGreater(walkInSlices(arena, SET, ref, () => 1), 1024);
});
