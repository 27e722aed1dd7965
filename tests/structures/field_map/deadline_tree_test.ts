import { assertEquals, assertGreater, assertLess } from "@std/assert";
import fc from "fast-check";
import { Arena, ArenaFullError, type Ref } from "../../../structures/arena/arena.ts";
import { DeadlineTree } from "../../../structures/field_map/deadline_tree.ts";
import { RefList } from "../../../structures/set/ref_list.ts";
import { ArenaFaults } from "../arena_faults.ts";
import { SeededRandom } from "../seeded_random.ts";

const ITEM_BYTES = 16;

/** A tree beside a plain map of what it holds; a deadline stands in the two words of its block. */
class Pair {
  readonly arena: Arena;
  readonly tree: DeadlineTree;
  readonly ref: Ref;
  readonly deadlines = new Map<Ref, number>();

  constructor(arena = new Arena()) {
    this.arena = arena;
    this.tree = new DeadlineTree(
      arena,
      (item) => arena.word(item, 1) * 2 ** 32 + (arena.word(item, 0) >>> 0),
    );
    this.ref = this.tree.create();
  }

  insert(ms: number): Ref {
    const item = this.arena.allocate(ITEM_BYTES);
    this.arena.setWord(item, 0, ms | 0);
    this.arena.setWord(item, 1, Math.floor(ms / 2 ** 32));
    try {
      this.tree.insert(this.ref, item, ms);
    } catch (error) {
      this.arena.free(item);
      throw error;
    }
    this.deadlines.set(item, ms);
    return item;
  }

  remove(item: Ref): void {
    this.tree.remove(this.ref, item, this.deadlines.get(item)!);
    this.deadlines.delete(item);
    this.arena.free(item);
  }

  takeDue(nowMs: number, limit: number): number {
    const found = new RefList();
    this.tree.takeDue(this.ref, nowMs, limit, found);
    const taken: number[] = [];
    for (let i = 0; i < found.count; i++) {
      taken.push(this.deadlines.get(found.at(i))!);
      this.deadlines.delete(found.at(i));
      this.arena.free(found.at(i));
    }
    assertLess(Math.max(...taken, -Infinity), nowMs);
    return found.count;
  }

  check(): void {
    this.tree.verify(this.ref);
    const all = [...this.deadlines.values()].sort((a, b) => a - b);
    assertEquals(this.tree.count(this.ref), all.length);
    assertEquals(this.tree.earliestMs(this.ref), all[0] ?? Infinity);
    for (const ms of [all[0] ?? 0, all[all.length >> 1] ?? 5, (all.at(-1) ?? 7) + 1]) {
      assertEquals(this.tree.countDue(this.ref, ms), all.filter((other) => other < ms).length);
    }
  }

  free(): void {
    for (const item of this.deadlines.keys()) this.arena.free(item);
    this.tree.destroy(this.ref);
    assertEquals(this.arena.usedBytes, 0);
    this.arena.verify();
  }
}

Deno.test("a deadline tree holds what a map holds, under random operations", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.constantFrom(1, 3, 1000, 2 ** 45),
      fc.constantFrom(50, 600, 5000),
      (seed, deadlines, operations) => {
        const random = new SeededRandom(seed);
        const pair = new Pair();
        // Phases in which more comes, or more goes.
        for (let phase = 0; phase < 4; phase++) {
          for (let i = 0; i < operations / 4; i++) {
            const choice = random.below(10);
            const items = [...pair.deadlines.keys()];
            if (choice < (phase % 2 === 0 ? 8 : 3) || items.length === 0) {
              pair.insert(Math.floor(random.below(2 ** 31) / 2 ** 31 * deadlines));
            } else if (choice < 9) {
              pair.remove(items[random.below(items.length)]);
            } else {
              const ms = [...pair.deadlines.values()][random.below(items.length)];
              pair.takeDue(ms, 1 + random.below(200));
            }
          }
          pair.check();
        }
        pair.free();
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("a deadline tree of a hundred thousand: in ascending, falling, equal and random order", () => {
  const random = new SeededRandom(7);
  const orders: [(i: number) => number, number][] = [
    [(i) => i, 4.3],
    [() => 5, 4.6],
    [(i) => 100_000 - i, 8.8],
    [() => random.below(2 ** 31), 6.5],
  ];
  for (const [order, bytesEach] of orders) {
    const pair = new Pair();
    const items: Ref[] = [];
    for (let i = 0; i < 100_000; i++) items.push(pair.insert(order(i)));
    pair.check();
    assertLess(pair.tree.memoryBytes(pair.ref) / 100_000, bytesEach);
    for (const [i, item] of items.entries()) if (i % 8 !== 0) pair.remove(item);
    pair.check();
    // Sparse leaves have been united.
    assertLess(pair.tree.memoryBytes(pair.ref) / 12_500, 20);
    let taken = 0;
    for (let due = 1; due > 0; taken += due) due = pair.takeDue(2 ** 40, 1000);
    assertEquals(taken, 12_500);
    pair.check();
    pair.free();
  }
});

Deno.test("takeDue leaves what is due at its limit, and what is not due", () => {
  const pair = new Pair();
  for (let i = 0; i < 300; i++) pair.insert(i);
  assertEquals(pair.takeDue(200, 150), 150);
  assertEquals(pair.tree.earliestMs(pair.ref), 150);
  assertEquals(pair.takeDue(200, 150), 50);
  assertEquals(pair.takeDue(200, 150), 0);
  assertEquals(pair.tree.earliestMs(pair.ref), 200);
  pair.check();
  pair.free();
});

Deno.test("a deadline tree is as it was when any of its allocations fails", () => {
  using faults = new ArenaFaults();
  const pair = new Pair();
  const random = new SeededRandom(3);
  let failures = 0;
  for (let i = 0; i < 12_000; i++) {
    const ms = random.below(1000);
    for (let at = 1, isDone = false; !isDone; at++) {
      faults.arm(at, true);
      try {
        pair.insert(ms);
        isDone = true;
      } catch (error) {
        if (!(error instanceof ArenaFullError)) throw error;
        failures++;
        if (failures % 1000 === 0) pair.tree.verify(pair.ref);
      } finally {
        faults.disarm();
      }
    }
  }
  assertGreater(failures, 12_100);
  pair.check();
  pair.free();
});
