// Lists in both encodings against arrays, at several limits; memory to the byte; lazy frees.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { lazyFreeWorkers } from "../../../server/platform/workers.ts";
import { Arena, ArenaFullError } from "../../../structures/arena/arena.ts";
import { LazyFree } from "../../../structures/lazy_free/lazy_free.ts";
import { ListEncoding, QUICKLIST_SHAPE } from "../../../structures/list/list.ts";
import { latin1, ListAndModel } from "./list_model.ts";
import { SeededRandom } from "../seeded_random.ts";

const ENDS = [true, false];

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "cc", "", "\0\xff", "7", "-12", "70000") },
  { weight: 2, arbitrary: fc.integer().map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("9223372036854775807", "-9223372036854775808", "9007199254740993"),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      length: fc.constantFrom(60, 64, 130, 700, 4095, 4100, 9000),
      letter: fc.constantFrom("x", "y"),
    })
      .map(({ length, letter }) => letter.repeat(length)),
  },
);
const index = fc.nat({ max: 60 });
const changes = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant("push" as const), atHead: fc.boolean(), text: texts }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("pop" as const), atHead: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("insert" as const),
        index,
        behind: fc.boolean(),
        text: texts,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant("replace" as const), index, text: texts }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("range" as const), index, count: fc.nat({ max: 9 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("equal" as const),
        text: texts,
        limit: fc.constantFrom(1, 2, Infinity),
        backwards: fc.boolean(),
      }),
    },
  ),
  { maxLength: 120, size: "max" },
);

Deno.test("list: random changes at every kind of limit, against an array", () => {
  fc.assert(
    fc.property(changes, fc.constantFrom(-2, -1, 1, 2, 5, 16, 128, 0, -9), (steps, limit) => {
      const both = new ListAndModel(limit);
      for (const step of steps) {
        if (step.do === "push") both.push(step.atHead, step.text);
        else if (step.do === "pop") both.pop(step.atHead);
        else if (step.do === "insert") both.insert(step.index, step.behind, step.text);
        else if (step.do === "replace") both.replace(step.index, step.text);
        else if (step.do === "range") both.removeRange(step.index, step.count);
        else both.removeEqual(step.text, step.limit, step.backwards);
        both.list.verify();
      }
      both.verify();
      both.verifyIndexes();
      both.end();
    }),
    { numRuns: 200 },
  );
});

Deno.test("list: thousands of elements pushed and popped at either end", () => {
  for (const pushHead of ENDS) {
    for (const popHead of ENDS) {
      for (const limit of [-2, 100]) {
        const both = new ListAndModel(limit);
        for (let i = 0; i < 6000; i++) both.push(pushHead, `e:${i}`);
        assert(both.isChain);
        both.verify();
        for (let i = 0; i < 5990; i++) both.pop(popHead);
        both.verify();
        assert(!both.isChain);
        both.end();
      }
    }
  }
});

Deno.test("list: long random life of a long list", () => {
  const random = new SeededRandom(7);
  for (const limit of [-1, -2, 40]) {
    const both = new ListAndModel(limit);
    const text = () =>
      random.below(40) === 0 ? "L".repeat(random.below(6000)) : `t${random.below(50)}`;
    for (let i = 0; i < 8000; i++) {
      const growing = (i >> 10) % 2 === 0;
      const what = random.below(10);
      const at = random.below(both.model.length + 1);
      if (what < 6) {
        if (growing) both.push(random.below(2) === 0, text());
        else both.pop(random.below(2) === 0);
      } else if (what === 6) both.insert(at, random.below(2) === 0, text());
      else if (what === 7) both.replace(at, text());
      else if (what === 8 && random.below(20) === 0) both.removeRange(at, random.below(200));
      else if (what === 9 && random.below(20) === 0) {
        both.removeEqual(`t${random.below(50)}`, 3, random.below(2) === 0);
      }
      if (i % 500 === 0) both.verify();
    }
    both.verify();
    both.verifyIndexes();
    both.end();
  }
});

Deno.test("list: nodes are full, whichever end they were pushed at", () => {
  for (const atHead of ENDS) {
    const both = new ListAndModel(-2);
    for (let i = 0; i < 30_000; i++) both.push(atHead, "0123456789");
    const entryBytes = 12;
    const { length } = both.model;
    const most = length * entryBytes * 1.02;
    assert(both.list.memoryBytes() < most, `${both.list.memoryBytes()} bytes, ${most} at most`);
    both.end();
  }
});

Deno.test("list: becomes a chain past the limit, a listpack again at half of it", () => {
  const counted = new ListAndModel(8);
  for (let i = 0; i < 8; i++) counted.push(false, "v");
  assert(!counted.isChain);
  counted.push(false, "v");
  assert(counted.isChain);
  for (let i = 9; i > 5; i--) counted.pop(false);
  assert(counted.isChain);
  counted.pop(false);
  assert(!counted.isChain);
  counted.verify();
  counted.end();

  // Few elements in two nodes stay a chain.
  const spread = new ListAndModel(4);
  for (const text of ["a", "b", "c", "d", "e"]) spread.push(false, text);
  spread.removeRange(0, 3);
  assert(spread.isChain);
  spread.verify();
  spread.pop(true);
  assert(!spread.isChain);
  spread.end();

  const sized = new ListAndModel(-1);
  // An empty listpack takes 7 bytes, and only the texts of new elements are counted.
  sized.push(false, "x".repeat(4089));
  assert(!sized.isChain);
  sized.pop(false);
  sized.push(false, "x".repeat(4090));
  assert(sized.isChain);
  sized.replace(0, "x".repeat(2048));
  assert(sized.isChain);
  sized.replace(0, "x".repeat(2034));
  assert(!sized.isChain);
  sized.verify();
  sized.end();
});

Deno.test("list: elements over the limit have a node of their own", () => {
  const both = new ListAndModel(-1);
  const large = "z".repeat(300_000);
  for (const text of ["a", large, "b", large, "c"]) both.push(false, text);
  both.insert(0, false, large);
  both.insert(2, true, large);
  both.replace(1, large);
  both.replace(3, "short again");
  both.verify();
  both.removeEqual(large, 2, true);
  both.push(true, large);
  both.verify();
  both.verifyIndexes();
  both.end();
});

Deno.test("list: the shape for lazy frees reaches every block, here and in a Worker", async () => {
  for (const workers of [0, 1]) {
    const arena = new Arena();
    const free = new LazyFree(arena, [QUICKLIST_SHAPE], workers, lazyFreeWorkers());
    const both = new ListAndModel(-1, arena);
    for (let i = 0; i < 20_000; i++) both.push(i % 3 === 0, `element ${i}`);
    both.push(false, "h".repeat(200_000));
    assertEquals(both.list.encoding, ListEncoding.Quicklist);
    free.post(0, both.list.ref);
    await free.drained();
    free.close();
    assertEquals(arena.usedBytes, both.startBytes);
    arena.verify();
  }
});

Deno.test("list: a full arena leaves the list as it was", () => {
  const arena = new Arena(1);
  const both = new ListAndModel(-1, arena);
  for (let i = 0; i < 900; i++) both.push(i % 2 === 0, `element ${i}`);
  const fillers: number[] = [];
  for (const length of [65_536, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 48, 40, 32, 24, 16]) {
    for (;;) {
      try {
        fillers.push(arena.allocate(length));
      } catch (error) {
        assert(error instanceof ArenaFullError);
        break;
      }
    }
  }
  const large = latin1("x".repeat(5000));
  const { list } = both;
  const check = () => {
    list.verify();
    assertEquals(list.count, both.model.length);
  };
  for (
    const change of [
      () => list.pushFirst(large, 0, large.length),
      () => list.pushLast(large, 0, large.length),
      () => list.seek(300) && list.insertAtCursor(true, large, 0, large.length),
      () => list.seek(300) && list.replaceAtCursor(large, 0, large.length),
    ]
  ) {
    assertThrows(change, ArenaFullError);
    check();
  }
  for (let i = 0; i < 100; i++) both.pop(true);
  both.removeRange(100, 600);
  check();
  for (const filler of fillers) arena.free(filler);
  both.verify();
  both.end();
});

Deno.test("list: what cannot be counted or held is refused before anything changes", () => {
  const both = new ListAndModel(-2);
  both.push(false, "a");
  const { list } = both;
  assertThrows(() => list.prepare(1, 2 ** 31), ArenaFullError);
  assertThrows(() => list.prepare(1, 2 ** 32 + 5), ArenaFullError);
  assertThrows(() => list.prepare(2 ** 31 - 1, 0), ArenaFullError);
  assertThrows(() => list.prepare(2 ** 32, 0), ArenaFullError);
  list.prepare(1, 2 ** 31 - 2 ** 20);
  both.verify();
  both.end();
});
