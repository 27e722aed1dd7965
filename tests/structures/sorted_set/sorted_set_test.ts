import { TREE_SORTED_SET_SHAPE } from "../../../structures/sorted_set/sorted_set_tree.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Arena, ArenaFullError } from "../../../structures/arena/arena.ts";
import { compareBytes } from "../../../structures/bytes/byte_order.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { LazyFree } from "../../../structures/lazy_free/lazy_free.ts";
import {
  ADDED,
  LexBound,
  SortedSet,
  SortedSetEncoding,
  type SortedSetLimits,
  UNCHANGED,
  UPDATED,
} from "../../../structures/sorted_set/sorted_set.ts";
import { SortedSetBuilder } from "../../../structures/sorted_set/sorted_set_builder.ts";
import { SeededRandom } from "../seeded_random.ts";

const { Listpack: LISTPACK, Tree: TREE } = SortedSetEncoding;

interface Element {
  member: string;
  score: number;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function compareTexts(a: string, b: string): number {
  return compareBytes(latin1(a), 0, a.length, latin1(b), 0, b.length);
}

/** A sorted set beside an array that is sorted again after every change. */
class SetAndModel {
  readonly arena = new Arena();
  readonly limits: SortedSetLimits;
  readonly set: SortedSet;
  readonly startBytes = this.arena.usedBytes;
  model: Element[] = [];

  constructor(maxListpackEntries: number, maxListpackValueBytes: number) {
    this.limits = { maxListpackEntries, maxListpackValueBytes };
    this.set = new SortedSet(this.arena, new KeyHasher(1, 2), this.limits);
    this.set.create();
  }

  add(score: number, member: string): void {
    const known = this.model.find((element) => element.member === member);
    const expected = known === undefined ? ADDED : known.score === score ? UNCHANGED : UPDATED;
    const bytes = latin1("<" + member + ">");
    assertEquals(this.set.add(score, bytes, 1, member.length), expected);
    if (known === undefined) this.model.push({ member, score });
    else known.score = score;
    this.#sort();
  }

  remove(member: string): void {
    const index = this.model.findIndex((element) => element.member === member);
    const bytes = latin1("<" + member + ">");
    assertEquals(this.set.remove(bytes, 1, member.length), index >= 0);
    if (index >= 0) this.model.splice(index, 1);
  }

  #sort(): void {
    this.model.sort((a, b) => a.score - b.score || compareTexts(a.member, b.member));
  }

  current(): Element {
    const { bytes, start, length } = this.set.member;
    const member = String.fromCharCode(...bytes.subarray(start, start + length));
    return { member, score: this.set.score };
  }

  /** What the cursor passes in `count` elements. */
  take(count: number): Element[] {
    const taken: Element[] = [];
    for (let left = count; left > 0; left--) {
      assert(this.set.onElement);
      taken.push(this.current());
      this.set.advance();
    }
    return taken;
  }

  verify(): void {
    this.set.verify();
    assertEquals(this.set.count, this.model.length);
    assertEquals(this.set.memoryBytes(), this.arena.usedBytes - this.startBytes);
    const seen: Element[] = [];
    this.set.forEach(() => seen.push(this.current()));
    assertEquals(seen, this.model);
  }

  end(): void {
    this.set.destroy();
    assertEquals(this.arena.usedBytes, this.startBytes);
    this.arena.verify();
  }
}

const scores = fc.oneof(
  fc.integer({ min: -4, max: 4 }),
  fc.integer(),
  fc.constantFrom(
    0.5,
    -0.25,
    0.1,
    1e300,
    5e-324,
    Infinity,
    -Infinity,
    2 ** 62,
    -(2 ** 62),
    2 ** 63,
  ),
);
const members = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "\xff", "\0"), maxLength: 3 }),
  fc.integer({ min: -20, max: 20 }).map(String),
  fc.constantFrom("9223372036854775807", "-9223372036854775808", "9007199254740993"),
);
const changes = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ score: scores, member: members }) },
    { weight: 1, arbitrary: fc.record({ remove: members }) },
  ),
  { maxLength: 70, size: "max" },
);
/** A listpack throughout, one that is converted on its way, and a tree throughout. */
const entryLimits = fc.constantFrom(1000, 12, 0);

function build(steps: ({ score: number; member: string } | { remove: string })[], limit: number) {
  const both = new SetAndModel(limit, 64);
  for (const step of steps) {
    if ("remove" in step) both.remove(step.remove);
    else both.add(step.score, step.member);
  }
  return both;
}

Deno.test("sorted set: random changes in every encoding, against a sorted array", () => {
  fc.assert(
    fc.property(changes, entryLimits, (steps, limit) => {
      const both = new SetAndModel(limit, 64);
      for (const step of steps) {
        if ("remove" in step) both.remove(step.remove);
        else both.add(step.score, step.member);
        both.set.verify();
      }
      both.verify();
      for (const [rank, { member, score }] of both.model.entries()) {
        const bytes = latin1(member);
        assert(both.set.find(bytes, 0, bytes.length));
        assertEquals(both.set.score, score);
        assertEquals(both.set.rank(), rank);
        assert(both.set.seekRank(rank));
        assertEquals(both.current(), { member, score });
        assert(both.set.seekRank(rank - both.model.length));
        assertEquals(both.current(), { member, score });
      }
      assert(!both.set.seekRank(both.model.length));
      assert(!both.set.seekRank(-both.model.length - 1));
      both.end();
    }),
    { numRuns: 120 },
  );
});

Deno.test("sorted set: ranges by score, both ways, with offset and limit", () => {
  fc.assert(
    fc.property(
      changes,
      entryLimits,
      scores,
      scores,
      fc.record({ minIn: fc.boolean(), maxIn: fc.boolean(), reverse: fc.boolean() }),
      fc.integer({ min: -1, max: 6 }),
      fc.integer({ min: -1, max: 6 }),
      (steps, limit, min, max, { minIn, maxIn, reverse }, offset, most) => {
        const both = build(steps, limit);
        const within = both.model.filter(({ score }) =>
          (minIn ? score >= min : score > min) && (maxIn ? score <= max : score < max)
        );
        assertEquals(both.set.countByScore(min, minIn, max, maxIn), within.length);
        if (reverse) within.reverse();
        const expected = offset < 0
          ? []
          : within.slice(offset, most < 0 ? undefined : offset + most);
        const count = both.set.rangeByScore(min, minIn, max, maxIn, reverse, offset, most);
        assertEquals(count, expected.length);
        assertEquals(both.take(count), expected);
        both.end();
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("sorted set: ranges by member among equal scores", () => {
  const bounds = fc.record({
    infinity: fc.constantFrom(-1, 0, 0, 0, 1),
    inclusive: fc.boolean(),
    member: members,
  });
  fc.assert(
    fc.property(
      fc.array(members, { maxLength: 40 }),
      entryLimits,
      bounds,
      bounds,
      fc.boolean(),
      fc.integer({ min: 0, max: 4 }),
      (all, limit, min, max, reverse, offset) => {
        const both = build(all.map((member) => ({ member, score: 1 })), limit);
        const bound = ({ infinity, inclusive, member }: typeof min) => {
          const result = new LexBound();
          result.bytes = latin1("(" + member);
          result.start = 1;
          result.length = member.length;
          return Object.assign(result, { infinity, inclusive });
        };
        const above = ({ member }: Element) =>
          min.infinity !== 0
            ? min.infinity < 0
            : compareTexts(member, min.member) > (min.inclusive ? -1 : 0) &&
              (min.inclusive || member !== min.member);
        const atOrAbove = (element: Element) =>
          min.infinity === 0 && min.inclusive
            ? compareTexts(element.member, min.member) >= 0
            : above(element);
        const below = ({ member }: Element) => {
          if (max.infinity !== 0) return max.infinity > 0;
          const order = compareTexts(member, max.member);
          return max.inclusive ? order <= 0 : order < 0;
        };
        const within = both.model.filter((element) => atOrAbove(element) && below(element));
        assertEquals(both.set.countByLex(bound(min), bound(max)), within.length);
        if (reverse) within.reverse();
        const count = both.set.rangeByLex(bound(min), bound(max), reverse, offset, -1);
        assertEquals(both.take(count), within.slice(offset));
        both.end();
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("sorted set: ranges by rank clamp as slices do", () => {
  for (const limit of [100, 0]) {
    const both = new SetAndModel(limit, 64);
    for (let i = 0; i < 9; i++) both.add(i % 4, `m${i}`);
    for (let first = -11; first <= 11; first++) {
      for (let last = -11; last <= 11; last++) {
        for (const reverse of [false, true]) {
          const ordered = reverse ? both.model.toReversed() : both.model;
          const from = Math.max(first < 0 ? first + 9 : first, 0);
          const to = last < 0 ? last + 9 : last;
          const count = both.set.rangeByRank(first, last, reverse);
          assertEquals(both.take(count), to < 0 ? [] : ordered.slice(from, to + 1));
        }
      }
    }
    both.end();
  }
});

Deno.test("sorted set: seek (score, member), then move by ranks", () => {
  fc.assert(
    fc.property(
      changes,
      entryLimits,
      scores,
      members,
      fc.integer({ min: -40, max: 40 }),
      (steps, limit, score, member, ranks) => {
        const both = build(steps, limit);
        const bytes = latin1(member);
        const expected = both.model.findIndex((element) =>
          element.score > score ||
          (element.score === score && compareTexts(element.member, member) >= 0)
        );
        assertEquals(both.set.seekPair(score, bytes, 0, bytes.length), expected >= 0);
        if (expected >= 0) {
          assertEquals(both.current(), both.model[expected]);
          const target = both.model[expected + ranks];
          assertEquals(both.set.skip(ranks), target !== undefined);
          if (target !== undefined) assertEquals(both.current(), target);
        }
        both.end();
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("sorted set: popping from either end and removing runs", () => {
  for (const limit of [100, 0]) {
    const both = new SetAndModel(limit, 64);
    for (let i = 0; i < 40; i++) both.add((i * 7) % 13, `m${i}`);
    while (both.model.length > 20) {
      const low = both.model.length % 2 === 0;
      assert(low ? both.set.seekFirst() : both.set.seekLast());
      assertEquals(both.current(), low ? both.model.shift() : both.model.pop());
      both.set.removeCurrent();
      both.verify();
    }
    both.set.seekRank(3);
    both.set.removeRun(5);
    both.model.splice(3, 5);
    both.verify();
    both.set.seekRank(10);
    both.set.removeRun(1000);
    both.model.splice(10);
    both.verify();
    both.set.seekFirst();
    both.set.removeRun(both.set.count);
    both.model = [];
    both.verify();
    assert(!both.set.seekFirst() && !both.set.seekLast());
    both.end();
  }
});

Deno.test("sorted set: conversion at exactly the limits, never back", () => {
  const both = new SetAndModel(3, 5);
  for (const member of ["a", "b", "12345"]) both.add(1, member);
  assertEquals(both.set.encoding, LISTPACK);
  both.add(2, "b");
  assertEquals(both.set.encoding, LISTPACK);
  both.add(1, "d");
  assertEquals(both.set.encoding, TREE);
  both.verify();
  both.remove("d");
  both.remove("a");
  assertEquals(both.set.encoding, TREE);
  both.end();

  const long = new SetAndModel(3, 5);
  long.add(1.5, "five5");
  assertEquals(long.set.encoding, LISTPACK);
  long.add(-1, "sixsix");
  assertEquals(long.set.encoding, TREE);
  long.verify();
  long.end();
});

Deno.test("sorted set: -0 keeps its sign in a tree and is 0 in a listpack", () => {
  for (const limit of [10, 0]) {
    const both = new SetAndModel(limit, 64);
    both.set.add(-0, latin1("z"), 0, 1);
    assert(both.set.find(latin1("z"), 0, 1));
    assert(Object.is(both.set.score, limit === 0 ? -0 : 0));
    both.end();
  }
});

Deno.test("sorted set: a full arena leaves every set as it was", () => {
  const arena = new Arena(1);
  const limits = { maxListpackEntries: 4, maxListpackValueBytes: 64 };
  const set = new SortedSet(arena, new KeyHasher(3, 4), limits);
  set.create();
  const bytes = new Uint8Array(60_000).fill(97);
  for (let i = 0; i < 4; i++) set.add(i, latin1(`m${i}`), 0, 2);
  const fillers: number[] = [];
  const fill = (length: number) => {
    for (;;) {
      try {
        fillers.push(arena.allocate(length));
      } catch (error) {
        assert(error instanceof ArenaFullError);
        return;
      }
    }
  };
  for (const length of [65_536, 4096, 512, 128, 64, 56, 48, 40, 32, 24, 16]) fill(length);
  const used = arena.usedBytes;
  assertThrows(() => set.add(9, latin1("m9"), 0, 2), ArenaFullError);
  assertEquals([set.encoding, set.count, arena.usedBytes], [LISTPACK, 4, used]);
  set.verify();
  for (const filler of fillers) arena.free(filler);
  set.add(9, latin1("m9"), 0, 2);
  assertEquals(set.encoding, TREE);
  fillers.length = 0;
  for (const length of [65_536, 4096, 512, 128, 64, 56, 48, 40, 32, 24, 16]) fill(length);
  assertThrows(() => set.add(9, bytes, 0, bytes.length), ArenaFullError);
  assertEquals(set.count, 5);
  set.verify();
  assert(set.remove(latin1("m1"), 0, 2));
  set.verify();
  for (const filler of fillers) arena.free(filler);
  set.destroy();
  assertEquals(arena.usedBytes, 0);
  arena.verify();
});

Deno.test("sorted set: 20,000 random changes to a large set return every byte", () => {
  const both = new SetAndModel(128, 64);
  const { arena, set } = both;
  const known = new Map<string, number>();
  const random = new SeededRandom(99);
  for (let i = 0; i < 20_000; i++) {
    const member = `member:${random.below(4000)}`;
    const bytes = latin1(member);
    if (random.below(3) === 0) {
      assertEquals(set.remove(bytes, 0, bytes.length), known.delete(member));
    } else {
      const score = random.below(500) / 4;
      set.add(score, bytes, 0, bytes.length);
      known.set(member, score);
    }
    if (i % 5000 === 0) set.verify();
  }
  set.verify();
  assertEquals(set.count, known.size);
  for (const [member, score] of known) {
    const bytes = latin1(member);
    assert(set.find(bytes, 0, bytes.length));
    assertEquals(set.score, score);
  }
  assertEquals(set.memoryBytes(), arena.usedBytes - both.startBytes);
  both.end();
});

Deno.test("sorted set: the shape for lazy frees reaches every block of a tree", () => {
  const arena = new Arena();
  const start = arena.usedBytes;
  const limits = { maxListpackEntries: 0, maxListpackValueBytes: 64 };
  const set = new SortedSet(arena, new KeyHasher(5, 6), limits);
  const free = new LazyFree(arena, [TREE_SORTED_SET_SHAPE], 0);
  for (const size of [0, 1, 5, 100, 20_000]) {
    set.create();
    set.convert();
    for (let i = 0; i < size; i++) {
      const member = latin1(`member:${i}`);
      set.add(i % 77, member, 0, member.length);
    }
    free.freeNow(0, set.ref);
    assertEquals(arena.usedBytes, start);
  }
  arena.verify();
  free.close();
});

Deno.test("a set that is built of elements in any order is as if each had been added", () => {
  const arena = new Arena();
  const hasher = new KeyHasher(1, 2);
  const builder = new SortedSetBuilder(arena, hasher);
  const set = new SortedSet(arena, hasher, { maxListpackEntries: 0, maxListpackValueBytes: 0 });
  const encoder = new TextEncoder();
  const random = new SeededRandom(7);
  const ranks = Array.from({ length: 1500 }, (_, i) => i);
  const shuffled = ranks.map((rank) => ({ rank, by: random.below(1e9) }))
    .sort((a, b) => a.by - b.by).map(({ rank }) => rank);
  for (const order of [ranks, [...ranks].reverse(), shuffled, [5], []]) {
    const usedBytes = arena.usedBytes;
    builder.begin(order.length);
    for (const rank of order) {
      const member = encoder.encode(`m${String(rank % 3)}-${rank}`);
      assertEquals(builder.add(rank >> 2, member, 0, member.length), true);
      if (rank === 5) assertEquals(builder.add(9, member, 0, member.length), false);
    }
    builder.finish();
    set.open(SortedSetEncoding.Tree, builder.ref);
    set.verify();
    assertEquals(set.count, order.length);
    set.insert(0.5, encoder.encode("new"), 0, 3);
    set.verify();
    set.destroy();
    assertEquals(arena.usedBytes, usedBytes);
  }
  builder.begin(10);
  builder.add(1, encoder.encode("a"), 0, 1);
  builder.abandon();
  arena.verify();
});
