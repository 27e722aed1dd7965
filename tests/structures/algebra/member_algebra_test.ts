// The parts of set algebra by themselves: sorting by score, integers that are merged, tables made for
// many members, trees built at once; each beside a model, and every block comes back.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MemberAlgebra } from "../../../structures/algebra/member_algebra.ts";
import { ScoredOrder } from "../../../structures/algebra/scored_order.ts";
import { Aggregate, aggregated } from "../../../structures/algebra/sorted_result.ts";
import { Arena, ArenaFullError } from "../../../structures/arena/arena.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { Intset } from "../../../structures/set/intset.ts";
import { MemberSet, SetEncoding } from "../../../structures/set/member_set.ts";
import { SortedSet, SortedSetEncoding } from "../../../structures/sorted_set/sorted_set.ts";
import { fillArena, latin1, textOf } from "../byte_texts.ts";
import { SeededRandom } from "../seeded_random.ts";

const SETS = { maxIntsetEntries: 512, maxListpackEntries: 128, maxListpackValueBytes: 64 };
const SORTED_SETS = { maxListpackEntries: 128, maxListpackValueBytes: 64 };

Deno.test("scored order: as an ordinary sort has it, whatever runs there are", () => {
  const order = new ScoredOrder((a, b) => a - b);
  const run = fc.oneof(
    fc.array(fc.tuple(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 1e9 }))),
    // Few scores, so that references decide; and what is in order already.
    fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 1e9 })), {
      maxLength: 3000,
    }).map((pairs) => pairs.sort(([a, x], [b, y]) => a - b || x - y)),
    fc.array(fc.tuple(fc.constantFrom(0, 1, -Infinity, Infinity), fc.integer({ min: 0 })), {
      maxLength: 3000,
    }),
  );
  fc.assert(
    fc.property(fc.array(run, { maxLength: 6 }), (runs) => {
      const pairs = runs.flat();
      order.begin(0);
      for (const [score, ref] of pairs) order.push(ref, score);
      order.sort();
      const sorted = Array.from(
        { length: order.count },
        (_, i) => [order.scores[i], order.refs[i]],
      );
      const key = ([a, x]: number[], [b, y]: number[]) => a < b ? -1 : a > b ? 1 : x - y;
      assertEquals(sorted, pairs.slice().sort(key));
    }),
    { numRuns: 200 },
  );
});

Deno.test("aggregates: infinities that cancel out are 0, and no number is never chosen", () => {
  assertEquals(aggregated(Infinity, -Infinity, Aggregate.Sum), 0);
  assertEquals(aggregated(1, NaN, Aggregate.Sum), 0);
  assertEquals(aggregated(1, NaN, Aggregate.Min), 1);
  assertEquals(aggregated(1, NaN, Aggregate.Max), 1);
  assertEquals(aggregated(1, -2, Aggregate.Min), -2);
  assertEquals(aggregated(1, -2, Aggregate.Max), 1);
});

const int64 = fc.oneof(
  fc.integer({ min: -200, max: 200 }).map(BigInt),
  fc.integer({ min: -70_000, max: 70_000 }).map(BigInt),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const rising = fc.uniqueArray(int64, { maxLength: 60 })
  .map((all) => all.sort((a, b) => a < b ? -1 : 1));

Deno.test("intset: integers that rise are found and added at once, of every width", () => {
  fc.assert(
    fc.property(rising, fc.array(rising, { minLength: 1, maxLength: 4 }), (first, more) => {
      const arena = new Arena();
      const set = new Intset(arena);
      let ref = set.create();
      const model = new Set<bigint>();
      const found = new Int32Array(60);
      for (const integers of [first, ...more]) {
        const lows = Int32Array.from(integers, (value) => Number(BigInt.asIntN(32, value)));
        const highs = Int32Array.from(integers, (value) => Number(value >> 32n));
        set.findRising(ref, lows, highs, integers.length, found);
        const present = [...model].sort((a, b) => a < b ? -1 : 1);
        assertEquals(
          [...found.subarray(0, integers.length)],
          integers.map((value) => present.indexOf(value) + 1),
        );
        const added = integers.filter((value) => !model.has(value)).length;
        ref = set.addRising(ref, lows, highs, integers.length, found, added);
        for (const value of integers) model.add(value);
        set.verify(ref);
        assertEquals(set.count(ref), model.size);
        const ownLows = new Int32Array(model.size);
        const ownHighs = new Int32Array(model.size);
        set.readIntegers(ref, 0, model.size, ownLows, ownHighs, 0);
        assertEquals(
          Array.from(ownLows, (low, i) => BigInt(ownHighs[i]) << 32n | BigInt(low >>> 0)),
          [...model].sort((a, b) => a < b ? -1 : 1),
        );
      }
      set.destroy(ref);
      arena.verify();
    }),
    { numRuns: 300 },
  );
});

/** A store of its own, with a set of each list of members. */
function storeOf(lists: readonly (readonly string[])[]) {
  const arena = new Arena();
  const hasher = new KeyHasher(3, 4);
  const algebra = new MemberAlgebra(arena, hasher, SETS, SORTED_SETS);
  const sets = lists.map((members) => {
    const set = new MemberSet(arena, hasher, SETS);
    set.create();
    for (const member of members) set.add(latin1(member), 0, member.length);
    return set;
  });
  const open = () => {
    algebra.sources.begin(sets.length);
    for (const { encoding, ref } of sets) algebra.addSource(false, encoding, ref);
  };
  return { arena, hasher, algebra, sets, open };
}

const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `member:${from + i}`);

Deno.test("algebra: many members of tables, walked by buckets, are seen once each", () => {
  const { algebra, open } = storeOf([names(0, 20_000), names(5000, 40_000)]);
  open();
  algebra.walk(0);
  const seen = new Set<string>();
  const { batch } = algebra;
  while (algebra.nextCommon()) {
    for (let i = 0; i < batch.count; i++) {
      const member = textOf({
        bytes: batch.bytesOf(i),
        start: batch.starts[i],
        length: batch.lengths[i],
      });
      assert(!seen.has(member), member);
      seen.add(member);
    }
  }
  assertEquals(seen, new Set(names(5000, 20_000)));
  open();
  algebra.collect(false);
  assertEquals(algebra.places.count, 5000);
});

Deno.test("algebra: a table made for its members does not grow, and is one like any other", () => {
  const { algebra, arena, open, sets } = storeOf([names(0, 5000)]);
  const { set } = algebra;
  const before = arena.usedBytes;
  set.create();
  set.expect(5000);
  open();
  algebra.walk(0);
  while (algebra.next()) algebra.addTo(set, true);
  set.verify();
  assertEquals(set.count, 5000);
  for (const name of names(0, 5000)) assert(set.find(latin1(name), 0, name.length));
  // And it shrinks, and grows again.
  for (const name of names(10, 5000)) assert(set.remove(latin1(name), 0, name.length));
  for (const name of names(5000, 20_000)) assert(set.add(latin1(name), 0, name.length));
  set.verify();
  set.destroy();
  arena.verify();
  assertEquals(arena.usedBytes, before);
  assertEquals(sets[0].encoding, SetEncoding.Table);
});

Deno.test("sorted result: a tree built at once is one that can be changed on", () => {
  for (const merges of [false, true]) {
    const { algebra, arena, hasher, open } = storeOf([names(0, 7000)]);
    const { batch, sorted } = algebra;
    const before = arena.usedBytes;
    const random = new SeededRandom(5);
    open();
    sorted.begin(merges, 100);
    const scores = new Map<string, number>();
    algebra.walk(0);
    while (algebra.next()) {
      for (let i = 0; i < batch.count; i++) {
        batch.scores[i] = random.below(50);
        const start = batch.starts[i];
        const seen = { bytes: batch.bytesOf(i), start, length: batch.lengths[i] };
        scores.set(textOf(seen), batch.scores[i] * (merges ? 2 : 1));
      }
      sorted.add(batch);
      if (merges) sorted.merge(batch, Aggregate.Sum);
    }
    sorted.sort(merges);
    const view = new SortedSet(arena, hasher, SORTED_SETS);
    view.create();
    sorted.moveTo(view);
    assertEquals(view.encoding, SortedSetEncoding.Tree);
    view.verify();
    const ordered: [string, number][] = [];
    view.forEach(({ member, score }) => ordered.push([textOf(member), score]));
    assertEquals(
      ordered,
      [...scores].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)),
    );
    for (let i = 0; i < 3000; i++) {
      const name = `member:${random.below(9000)}`;
      if (random.below(2) === 0) view.add(random.below(60), latin1(name), 0, name.length);
      else view.remove(latin1(name), 0, name.length);
    }
    view.verify();
    view.destroy();
    arena.verify();
    assertEquals(arena.usedBytes, before, "every block has come back");
  }
});

Deno.test("algebra: where memory ends in the middle, nothing is left of what was being made", () => {
  const members = names(0, 3000);
  const arena = new Arena(1);
  const hasher = new KeyHasher(3, 4);
  const algebra = new MemberAlgebra(arena, hasher, SETS, SORTED_SETS);
  const set = new MemberSet(arena, hasher, SETS);
  set.create();
  for (const member of members) set.add(latin1(member), 0, member.length);
  const blocks = fillArena(arena);
  const view = new SortedSet(arena, hasher, SORTED_SETS);
  const outcomes = new Set<string>();
  for (let freed = 0; freed < 40; freed++) {
    const before = arena.usedBytes;
    for (const merges of [false, true]) {
      const { sorted } = algebra;
      const make = () => {
        algebra.sources.begin(1);
        algebra.addSource(false, set.encoding, set.ref);
        sorted.begin(merges, 3000);
        algebra.walk(0);
        while (algebra.next()) sorted.add(algebra.batch);
        sorted.sort(false);
        view.create();
        try {
          sorted.moveTo(view);
        } finally {
          view.destroy();
        }
      };
      try {
        make();
        outcomes.add("made");
      } catch (error) {
        assert(error instanceof ArenaFullError, String(error));
        outcomes.add("refused");
      } finally {
        sorted.discard();
      }
      assertEquals(arena.usedBytes, before);
    }
    const block = blocks.shift();
    if (block !== undefined) arena.free(block);
  }
  arena.verify();
  assertEquals(outcomes.size, 2);
});
