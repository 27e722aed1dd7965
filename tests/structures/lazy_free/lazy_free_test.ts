import { assert, assertEquals, assertGreater } from "@std/assert";
import { lazyFreeWorkers } from "../../../server/platform/workers.ts";
import { Arena } from "../../../structures/arena/arena.ts";
import { LazyFree, type LazyFreeLimits } from "../../../structures/lazy_free/lazy_free.ts";
import { until } from "../../harness/until.ts";
import {
  CHAIN,
  CHAINED_SET,
  DATABASE,
  DisposableValues,
  SET,
  SHAPES,
} from "../disposable_values.ts";

const NEVER = Infinity;

/** An arena, values in it, and lazy frees of them. */
class Fixture implements Disposable {
  readonly arena = new Arena();
  readonly values = new DisposableValues(this.arena);
  readonly startBytes = this.arena.usedBytes;
  readonly lazyFree: LazyFree;

  constructor(workers: number, limits: Partial<LazyFreeLimits>) {
    this.lazyFree = new LazyFree(this.arena, SHAPES, workers, lazyFreeWorkers());
    Object.assign(this.lazyFree.limits, limits);
  }

  /** Posts values of every shape and answers how many. */
  postSome(): number {
    const { lazyFree, values } = this;
    lazyFree.post(SET, values.set(3000));
    lazyFree.post(CHAIN, values.chain(200));
    lazyFree.post(CHAINED_SET, values.chainedSet(1000));
    lazyFree.post(DATABASE, values.database(800));
    lazyFree.post(SET, values.set(0));
    return 5;
  }

  assertAllCameBack(): void {
    assertEquals(this.lazyFree.pending, 0);
    this.arena.verify();
    assertEquals(this.arena.usedBytes, this.startBytes);
  }

  [Symbol.dispose](): void {
    this.lazyFree.close();
  }
}

Deno.test("lazy free: where no Worker can be started, the slices go on, and ask again", async () => {
  const arena = new Arena();
  const values = new DisposableValues(arena);
  const start = arena.usedBytes;
  let asked = 0;
  const lazyFree = new LazyFree(arena, SHAPES, 2, () => {
    asked++;
    return undefined;
  });
  Object.assign(lazyFree.limits, { sliceBlocks: 100, blocksBeforeWorker: 1000 });
  lazyFree.post(SET, values.set(10_000));
  lazyFree.post(DATABASE, values.database(500));
  await lazyFree.drained();
  assertGreater(asked, 5);
  assertEquals([lazyFree.workers, lazyFree.freed, lazyFree.pending], [0, 2, 0]);
  arena.verify();
  assertEquals(arena.usedBytes, start);
  lazyFree.close();
});

Deno.test("lazy free: where only one Worker can be started, that one takes it all", async () => {
  const start = lazyFreeWorkers();
  let started = 0;
  const arena = new Arena();
  const values = new DisposableValues(arena);
  const bytes = arena.usedBytes;
  const lazyFree = new LazyFree(arena, SHAPES, 4, () => started++ === 0 ? start() : undefined);
  Object.assign(lazyFree.limits, { sliceBlocks: 1, blocksBeforeWorker: 1, valuesPerWorker: 1 });
  for (let i = 0; i < 20; i++) lazyFree.post(SET, values.set(500));
  await until("the Worker is started", () => lazyFree.workers === 1);
  for (let i = 0; i < 20; i++) lazyFree.post(SET, values.set(500));
  await lazyFree.drained();
  assertEquals([lazyFree.workers, lazyFree.freed], [1, 40]);
  assertGreater(started, 1);
  arena.verify();
  assertEquals(arena.usedBytes, bytes);
  lazyFree.close();
});

for (const workers of [0, 1, 4]) {
  for (const sliceBlocks of [1, 50, 1_000_000]) {
    Deno.test(`lazy free: slices of ${sliceBlocks} alone, ${workers} Workers allowed`, async () => {
      using it = new Fixture(workers, { sliceBlocks, blocksBeforeWorker: NEVER });
      const { lazyFree } = it;
      let posted = 0;
      if (sliceBlocks === 1) {
        lazyFree.post(DATABASE, it.values.database(20));
        posted++;
      } else posted += it.postSome();
      assertEquals([lazyFree.pending, lazyFree.freed], [posted, 0]);
      assertGreater(it.arena.usedBytes, it.startBytes, "nothing is freed on the spot");
      await lazyFree.drained();
      assertEquals([lazyFree.freed, lazyFree.workers], [posted, 0]);
      it.assertAllCameBack();
    });
  }
}

for (const workers of [1, 2, 4]) {
  Deno.test(`lazy free: a lasting backlog starts up to ${workers} Workers`, async () => {
    const sliceBlocks = 10;
    using it = new Fixture(workers, {
      sliceBlocks,
      sliceChains: 3,
      blocksBeforeWorker: 100 * sliceBlocks,
      valuesPerWorker: 2,
    });
    const { lazyFree, arena } = it;
    // Not enough for a Worker.
    lazyFree.post(SET, it.values.set(500));
    await lazyFree.drained();
    // Neither is the sum of backlogs that came one after the other.
    lazyFree.post(SET, it.values.set(600));
    await lazyFree.drained();
    assertEquals([lazyFree.freed, lazyFree.workers], [2, 0]);
    it.assertAllCameBack();

    let posted = 2;
    lazyFree.post(SET, it.values.set(20_000));
    posted += 1 + it.postSome();
    await until("a Worker runs", () => lazyFree.workers === 1);
    for (let i = 0; i < 2 * workers; i++) posted += it.postSome();
    assert(lazyFree.workers <= workers);
    await lazyFree.drained();
    assertEquals([lazyFree.freed, lazyFree.workers], [posted, workers]);
    assert(!arena.hasFreedChains);
    it.assertAllCameBack();
  });
}

Deno.test("lazy free: a Worker goes on where the slices stopped, with all that waits", async () => {
  // One slice, then a Worker: the first value is anywhere but at its start or end.
  for (const sliceBlocks of [1, 2, 7, 500, 2000]) {
    using it = new Fixture(1, { sliceBlocks, blocksBeforeWorker: 1 });
    for (let i = 0; i < 50; i++) it.lazyFree.post(SET, it.values.set(70));
    it.lazyFree.post(DATABASE, it.values.database(900));
    await it.lazyFree.drained();
    assertEquals([it.lazyFree.freed, it.lazyFree.workers], [51, 1]);
    it.assertAllCameBack();
  }
});

Deno.test("lazy free: memory that Workers free is of use while they go on", async () => {
  using it = new Fixture(1, { sliceBlocks: 10, blocksBeforeWorker: 1 });
  const { arena, lazyFree, values } = it;
  for (let round = 0; round < 20; round++) {
    lazyFree.post(DATABASE, values.database(300));
    const stays = arena.allocate(100_000);
    for (let word = 0; word < 25_000; word++) arena.setWord(stays, word, round);
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (let word = 0; word < 25_000; word++) assertEquals(arena.word(stays, word), round);
    arena.free(stays);
  }
  await lazyFree.drained();
  it.assertAllCameBack();
});

Deno.test("lazy free: Workers without work end, and slices begin anew", async () => {
  using it = new Fixture(2, {
    sliceBlocks: 10,
    blocksBeforeWorker: 500,
    valuesPerWorker: 1,
    workerIdleMs: 1,
  });
  const { lazyFree } = it;
  for (let round = 1; round <= 2; round++) {
    lazyFree.post(SET, it.values.set(5000));
    await until("a Worker runs", () => lazyFree.workers > 0);
    await lazyFree.drained();
    await until("no Worker runs", () => lazyFree.workers === 0);
    lazyFree.post(SET, it.values.set(100));
    await lazyFree.drained();
    assertEquals([lazyFree.freed, lazyFree.workers], [2 * round, 0]);
    it.assertAllCameBack();
  }
});

Deno.test("lazy free: closed between slices, before them, and while Workers run", async () => {
  for (const blocksBeforeWorker of [NEVER, 200]) {
    for (const turns of [0, 1, 5, 40]) {
      const it = new Fixture(2, { sliceBlocks: 10, blocksBeforeWorker, valuesPerWorker: 1 });
      const posted = it.postSome() + it.postSome();
      const drained = it.lazyFree.drained();
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve, 1));
      if (blocksBeforeWorker === NEVER) assert(it.lazyFree.freed < posted);
      it.lazyFree.close();
      // Whoever waits is let go.
      await drained;
      await it.lazyFree.drained();
      assertEquals([it.lazyFree.pending, it.lazyFree.workers], [0, 0]);
    }
  }
});

Deno.test("lazy free: on the spot when asked to, in the middle of a sliced one too", async () => {
  using it = new Fixture(0, { sliceBlocks: 5 });
  const { arena, lazyFree, values } = it;
  lazyFree.post(DATABASE, values.database(40));
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const ref = values.database(30);
    lazyFree.freeNow(DATABASE, ref);
    arena.verify();
  }
  await lazyFree.drained();
  assertEquals(lazyFree.freed, 1);
  lazyFree.resetFreed();
  assertEquals(lazyFree.freed, 0);
  it.assertAllCameBack();
});

Deno.test("lazy free: past the bound on waiting values, they are freed on the spot", async () => {
  using it = new Fixture(0, {});
  const { arena, lazyFree, values } = it;
  while (lazyFree.pending < 65_536) lazyFree.post(CHAIN, values.chain(0));
  const usedBytes = arena.usedBytes;
  lazyFree.post(CHAIN, values.chain(10));
  assertEquals([lazyFree.pending, arena.usedBytes], [65_536, usedBytes]);
  await lazyFree.drained();
  assertEquals(lazyFree.freed, 65_536);
  it.assertAllCameBack();
});
