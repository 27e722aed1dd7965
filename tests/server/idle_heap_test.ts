// When an idle server has its heap collected: only then, once, and only where that brings much.

import { assertEquals, assertLess } from "@std/assert";
import { process } from "../../server/platform/platform.ts";
import { IdleHeap } from "../../server/upkeep/idle_heap.ts";

const MIB = 1024 * 1024;

function idleHeap(heapUsed: number, heapTotal: number, fails = false) {
  let collections = 0;
  const heap = new IdleHeap(
    () => ({ rss: 0, external: 0, heapUsed: heapUsed * MIB, heapTotal: heapTotal * MIB }),
    () => {
      collections++;
      return fails ? Promise.reject(new Error("no such flag")) : Promise.resolve();
    },
  );
  return { heap, collections: () => collections };
}

Deno.test("an idle server collects once, and again when it has served and is idle again", () => {
  const { heap, collections } = idleHeap(40, 70);
  const at = (nowMs: number, reads: number) => {
    heap.update(nowMs, reads);
    return collections();
  };
  assertEquals(at(1000, 5), 0);
  assertEquals(at(3999, 5), 0);
  // Something was read a moment before.
  assertEquals(at(4000, 6), 0);
  assertEquals(at(6999, 6), 0);
  assertEquals(at(7000, 6), 1);
  assertEquals(at(60_000, 6), 1);
  assertEquals(at(61_000, 7), 1);
  assertEquals(at(64_000, 7), 2);
});

Deno.test("a clock that is set back begins to wait anew", () => {
  const { heap, collections } = idleHeap(40, 70);
  heap.update(100_000, 1);
  heap.update(500, 1);
  heap.update(3499, 1);
  assertEquals(collections(), 0);
  heap.update(3500, 1);
  assertEquals(collections(), 1);
});

Deno.test("little to gain, or too much to look through, is left", () => {
  for (const [used, total] of [[10, 25], [100, 119], [257, 600]]) {
    const { heap, collections } = idleHeap(used, total);
    heap.update(0, 1);
    heap.update(10_000, 1);
    assertEquals(collections(), 0, `${used} of ${total} MiB`);
  }
});

Deno.test("a runtime that cannot collect is asked once", async () => {
  const { heap, collections } = idleHeap(40, 70, true);
  heap.update(0, 1);
  heap.update(10_000, 1);
  await Promise.resolve();
  heap.update(20_000, 2);
  heap.update(30_000, 2);
  assertEquals(collections(), 1);
});

Deno.test("the process gives back what garbage held", async () => {
  let garbage: unknown[] | undefined = Array.from({ length: 2_000_000 }, (_, i) => ({ i }));
  const before = process.memoryUsage().heapUsed;
  assertEquals(garbage.length, 2_000_000);
  garbage = undefined;
  await process.collectGarbage();
  assertLess(process.memoryUsage().heapUsed, before - 16 * MIB);
});
