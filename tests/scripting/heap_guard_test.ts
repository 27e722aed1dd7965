// When garbage is collected for scripts, and when they are refused more, on a heap that is made up.

import { assertEquals } from "@std/assert";
import { HeapGuard } from "../../server/scripting/heap_guard.ts";

/** As much as lasts, in MiB, beside what is young. */
const LIMIT = 1000;
const YOUNG = 96;
const MIB = 1024 * 1024;

/** A heap of live MiB and garbage, whose collection takes 200 ms. */
class Heap {
  live = 0;
  garbage = 0;
  nowMs = 0;
  collections = 0;

  heap() {
    return { usedBytes: MIB * (this.live + this.garbage), limitBytes: MIB * (LIMIT + YOUNG) };
  }

  collectGarbageNow() {
    this.collections++;
    this.garbage = 0;
    this.nowMs += 200;
  }
}

function made(): { heap: Heap; guard: HeapGuard } {
  const heap = new Heap();
  return { heap, guard: new HeapGuard(heap, () => heap.nowMs) };
}

Deno.test("garbage is collected when much is in use, and nobody is refused for it", () => {
  const { heap, guard } = made();
  heap.live = 100;
  for (let i = 0; i < 10_000; i++) {
    heap.garbage += 10;
    assertEquals(guard.isFull, false);
    assertEquals(heap.live + heap.garbage <= 0.35 * LIMIT, true);
  }
  assertEquals(heap.collections <= 400, true);
});

Deno.test("near the limit too it is collected only after a tenth of the limit was made", () => {
  const { heap, guard } = made();
  heap.live = 340;
  for (let i = 0; i < 10_000; i++) {
    heap.garbage++;
    assertEquals(guard.isFull, false);
    assertEquals(heap.live + heap.garbage <= 0.45 * LIMIT, true);
  }
  assertEquals(heap.collections <= 101, true);
});

Deno.test("what is live beyond the bound is refused; soon again at once, and later looked at again", () => {
  const { heap, guard } = made();
  heap.live = 351;
  assertEquals(guard.isFull, true);
  assertEquals(heap.collections, 1);
  // Twice what the collection took.
  heap.nowMs += 399;
  assertEquals(guard.isFull, true);
  assertEquals(heap.collections, 1);
  heap.nowMs += 1;
  assertEquals(guard.isFull, true);
  assertEquals(heap.collections, 2);
  // What was let go of is garbage first.
  heap.live = 100;
  heap.garbage = 260;
  assertEquals(guard.isFull, true);
  heap.nowMs += 400;
  assertEquals(guard.isFull, false);
  assertEquals(heap.collections, 3);
  heap.garbage = 240;
  assertEquals(guard.isFull, false);
  assertEquals(heap.collections, 3);
});

Deno.test("a small heap is half for what is young", () => {
  const collected: number[] = [];
  for (const usedMib of [17, 18, 59, 61]) {
    const guard = new HeapGuard({
      heap: () => ({ usedBytes: usedMib * MIB, limitBytes: 100 * MIB }),
      collectGarbageNow: () => collected.push(usedMib),
    }, () => 0);
    assertEquals(guard.isFull, usedMib > 17.5);
  }
  assertEquals(collected, [18, 59, 61]);
});
