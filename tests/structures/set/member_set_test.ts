// Sets in every encoding against a JavaScript Set, conversions at exactly their limits, samples that
// are fair, and memory that comes back.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Arena, ArenaFullError } from "../../../structures/arena/arena.ts";
import { DistinctSample } from "../../../structures/set/distinct_sample.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { Intset as IntegerSet } from "../../../structures/set/intset.ts";
import { LazyFree } from "../../../structures/lazy_free/lazy_free.ts";
import { MemberSet, SetEncoding, type SetLimits } from "../../../structures/set/member_set.ts";
import { MEMBER_TABLE_SHAPE, MemberTable } from "../../../structures/set/member_table.ts";
import { RefList } from "../../../structures/set/ref_list.ts";
import { fillArena, latin1, textOf } from "../byte_texts.ts";
import { SeededRandom } from "../seeded_random.ts";

const { Intset, Listpack, Table } = SetEncoding;

/** A set beside a model of it. */
class SetAndModel {
  readonly arena: Arena;
  readonly set: MemberSet;
  readonly startBytes: number;
  readonly model = new Set<string>();

  constructor(
    readonly limits: SetLimits = {
      maxIntsetEntries: 512,
      maxListpackEntries: 128,
      maxListpackValueBytes: 64,
    },
    arena: Arena = new Arena(),
  ) {
    this.arena = arena;
    this.startBytes = arena.usedBytes;
    this.set = new MemberSet(arena, new KeyHasher(1, 2), limits);
    this.set.create();
  }

  add(member: string): void {
    const bytes = latin1("<" + member + ">");
    assertEquals(this.set.add(bytes, 1, member.length), !this.model.has(member), member);
    this.model.add(member);
  }

  remove(member: string): void {
    const bytes = latin1("<" + member + ">");
    assertEquals(this.set.remove(bytes, 1, member.length), this.model.delete(member), member);
  }

  members(): string[] {
    const members: string[] = [];
    for (let more = this.set.seekFirst(); more; more = this.set.next()) {
      members.push(textOf(this.set.member));
    }
    return members;
  }

  scanned(): string[] {
    const found = new RefList();
    let cursor = 0;
    do cursor = this.set.scan(cursor, found); while (cursor !== 0);
    const members = new Set<string>();
    for (let i = 0; i < found.count; i++) {
      assert(this.set.seek(found.at(i)));
      members.add(textOf(this.set.member));
    }
    return [...members].sort();
  }

  verify(): void {
    this.set.verify();
    assertEquals(this.set.count, this.model.size);
    assertEquals(this.set.memoryBytes(), this.arena.usedBytes - this.startBytes);
    const expected = [...this.model].sort();
    assertEquals(this.members().sort(), expected);
    assertEquals(this.scanned(), expected);
    for (const member of this.model) {
      assert(this.set.find(latin1(member), 0, member.length));
      assert(!this.set.find(latin1(member + "\n"), 0, member.length + 1));
    }
  }

  end(): void {
    this.set.destroy();
    assertEquals(this.arena.usedBytes, this.startBytes);
    this.arena.verify();
  }
}

const integers = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map(String),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom(15n, 16n, 31n, 32n, 53n, 63n).chain((bits) =>
    fc.integer({ min: -1, max: 1 }).map((n) => String(BigInt.asIntN(64, 2n ** bits + BigInt(n))))
  ),
);
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "\xff", "\0"), maxLength: 3 }),
  fc.constantFrom("-0", "01", "+1", " 1", "9223372036854775808", "1.0", "x".repeat(64)),
);

function changes(members: fc.Arbitrary<string>) {
  return fc.array(fc.record({ add: fc.boolean(), member: members }), {
    maxLength: 80,
    size: "max",
  });
}

Deno.test("set: random changes in every encoding, against a Set", () => {
  const limits = fc.constantFrom(
    { maxIntsetEntries: 512, maxListpackEntries: 128, maxListpackValueBytes: 64 },
    { maxIntsetEntries: 10, maxListpackEntries: 15, maxListpackValueBytes: 8 },
    { maxIntsetEntries: 0, maxListpackEntries: 128, maxListpackValueBytes: 64 },
    { maxIntsetEntries: 0, maxListpackEntries: 0, maxListpackValueBytes: 0 },
  );
  const members = fc.constantFrom(integers, fc.oneof(integers, integers, texts), texts);
  fc.assert(
    fc.property(limits, members.chain(changes), (limits, steps) => {
      const both = new SetAndModel(limits);
      for (const { add, member } of steps) {
        if (add) both.add(member);
        else both.remove(member);
        both.set.verify();
      }
      both.verify();
      both.end();
    }),
    { numRuns: 300 },
  );
});

Deno.test("set: integers come back sorted, in blocks as wide as the widest", () => {
  const both = new SetAndModel();
  for (const member of ["300", "-1", "0", "-32768", "32767"]) both.add(member);
  assertEquals(both.members(), ["-32768", "-1", "0", "300", "32767"]);
  for (const member of ["32768", "-2147483648", "2147483647", "-32769"]) both.add(member);
  for (const member of ["-9223372036854775808", "9007199254740993", "2147483648"]) both.add(member);
  const sorted = [...both.model].sort((a, b) => Number(BigInt(a) - BigInt(b)));
  assertEquals(both.members(), sorted);
  assertEquals(both.set.encoding, Intset);
  for (const member of sorted) both.remove(member);
  both.verify();
  both.end();
});

Deno.test("set: conversion at exactly the limits, never back", () => {
  const limits = { maxIntsetEntries: 4, maxListpackEntries: 3, maxListpackValueBytes: 5 };
  const encodings = (...members: string[]) => {
    const both = new SetAndModel(limits);
    const seen = members.map((member) => {
      both.add(member);
      return both.set.encoding;
    });
    both.verify();
    for (const member of members) {
      both.remove(member);
      assert(both.set.encoding === seen.at(-1));
    }
    both.end();
    return seen;
  };
  assertEquals(encodings("1", "2", "3", "4", "5"), [Intset, Intset, Intset, Intset, Table]);
  assertEquals(encodings("1", "2", "a", "b"), [Intset, Intset, Listpack, Table]);
  assertEquals(encodings("1", "2", "3", "a"), [Intset, Intset, Intset, Table]);
  assertEquals(encodings("1", "sixsix"), [Intset, Table]);
  assertEquals(encodings("-12345", "a"), [Intset, Table]);
  assertEquals(encodings("12345", "a"), [Intset, Listpack]);
  assertEquals(encodings("12345", "-1234", "a"), [Intset, Intset, Listpack]);
  assertEquals(encodings("fives", "1", "2", "3"), [Listpack, Listpack, Listpack, Table]);
  assertEquals(encodings("a", "123456"), [Listpack, Table]);
});

Deno.test("set: the encoding is chosen ahead of many members", () => {
  const limits = { maxIntsetEntries: 4, maxListpackEntries: 6, maxListpackValueBytes: 5 };
  const chosen = (before: string[], members: number, first: string) => {
    const both = new SetAndModel(limits);
    for (const member of before) both.add(member);
    both.set.prepare(members, latin1(first), 0, first.length);
    both.verify();
    const { encoding } = both.set;
    both.end();
    return encoding;
  };
  assertEquals(chosen([], 4, "1"), Intset);
  assertEquals(chosen([], 5, "1"), Listpack);
  assertEquals(chosen([], 7, "1"), Table);
  assertEquals(chosen([], 4, "a"), Listpack);
  assertEquals(chosen([], 7, "a"), Table);
  assertEquals(chosen(["1"], 4, "a"), Intset);
  assertEquals(chosen(["1"], 5, "1"), Table);
  assertEquals(chosen(["a"], 6, "1"), Listpack);
  assertEquals(chosen(["a"], 7, "a"), Table);
});

Deno.test("set: samples without repetition are complete and fair", () => {
  const random = new SeededRandom(5);
  const randomInt = (bound: number) => random.below(bound);
  const sample = new DistinctSample();
  for (const first of ["0", "a"]) {
    for (const limit of [1000, 0]) {
      const limits = {
        maxIntsetEntries: limit,
        maxListpackEntries: limit,
        maxListpackValueBytes: 64,
      };
      const both = new SetAndModel(limits);
      both.add(first);
      for (let i = 1; i < 32; i++) both.add(String(i));
      for (const count of [0, 1, 2, 15, 31, 32, 33]) {
        const hits = new Map<string, number>([...both.model].map((member) => [member, 0]));
        for (let round = 0; round < 600; round++) {
          const drawn = new Set<string>();
          sample.begin(both.set, count, randomInt);
          while (sample.next()) drawn.add(textOf(both.set.member));
          assertEquals(drawn.size, Math.min(count, 32));
          for (const member of drawn) hits.set(member, hits.get(member)! + 1);
        }
        // Binomial with 600 rounds: six standard deviations either way.
        const p = Math.min(count, 32) / 32;
        const spread = 6 * Math.sqrt(600 * p * (1 - p));
        for (const [member, n] of hits) assert(Math.abs(n - 600 * p) <= spread, `${member} ${n}`);
      }
      both.end();
    }
  }
});

Deno.test("set: a sample ends although draws hardly ever find a member", () => {
  const limits = { maxIntsetEntries: 0, maxListpackEntries: 0, maxListpackValueBytes: 0 };
  const both = new SetAndModel(limits);
  for (let i = 0; i < 100; i++) both.add(`m${i}`);
  const sample = new DistinctSample();
  sample.begin(both.set, 6, () => 0);
  const drawn = new Set<string>();
  while (sample.next()) drawn.add(textOf(both.set.member));
  assertEquals(drawn.size, 6);
  both.end();
});

Deno.test("set: a full arena leaves every set as it was", () => {
  const limits = { maxIntsetEntries: 4, maxListpackEntries: 4, maxListpackValueBytes: 64 };
  for (const members of [["1", "2", "3", "4"], ["a", "b", "c", "d"], ["a", "b", "c", "d", "e"]]) {
    const both = new SetAndModel(limits, new Arena(1));
    for (const member of members) both.add(member);
    const { encoding } = both.set;
    const fillers = fillArena(both.arena);
    const used = both.arena.usedBytes;
    for (const member of ["500000000000", "new member"]) {
      assertThrows(() => both.set.add(latin1(member), 0, member.length), ArenaFullError);
      assertEquals([both.set.encoding, both.arena.usedBytes], [encoding, used]);
      both.set.verify();
      assertEquals(both.members().sort(), members);
    }
    both.remove(members[1]);
    both.set.verify();
    for (const filler of fillers) both.arena.free(filler);
    both.add("500000000000");
    both.end();
  }
});

Deno.test("set: 30,000 random changes to a large set return every byte", () => {
  const both = new SetAndModel();
  const random = new SeededRandom(31);
  for (let i = 0; i < 30_000; i++) {
    const member = `member:${random.below(6000)}`;
    if (random.below(3) === 0) both.remove(member);
    else both.add(member);
  }
  both.verify();
  for (const member of [...both.model]) both.remove(member);
  both.verify();
  both.end();
});

Deno.test("set: a walk comes to every member in any phase of a resize", () => {
  const limits = { maxIntsetEntries: 0, maxListpackEntries: 0, maxListpackValueBytes: 0 };
  const both = new SetAndModel(limits);
  for (let i = 0; i < 200; i++) {
    both.add(`m${i}`);
    assertEquals(new Set(both.members()).size, i + 1);
  }
  for (let i = 0; i < 200; i++) {
    both.remove(`m${i}`);
    assertEquals(new Set(both.members()).size, 199 - i);
  }
  both.end();
});

Deno.test("set: the shape for lazy frees reaches every block of a table", () => {
  const arena = new Arena();
  const free = new LazyFree(arena, [MEMBER_TABLE_SHAPE], 0);
  const limits = { maxIntsetEntries: 0, maxListpackEntries: 0, maxListpackValueBytes: 0 };
  for (const size of [1, 5, 100, 40_000]) {
    const both = new SetAndModel(limits, arena);
    for (let i = 0; i < size; i++) both.add(`member:${i}`);
    free.freeNow(0, both.set.ref);
    assertEquals(arena.usedBytes, both.startBytes);
  }
  arena.verify();
  free.close();
});

Deno.test("set: a walk over a set that another view has changed says so", () => {
  const arena = new Arena();
  const limits = { maxIntsetEntries: 0, maxListpackEntries: 0, maxListpackValueBytes: 0 };
  const walked = new MemberSet(arena, new KeyHasher(1, 2), limits);
  const other = new MemberSet(arena, new KeyHasher(1, 2), limits);
  walked.create();
  const add = (text: string) => other.add(new TextEncoder().encode(text), 0, text.length);
  other.open(walked.encoding, walked.ref);
  for (let i = 0; i < 100; i++) add(`member ${i}`);
  walked.open(other.encoding, other.ref);
  assert(walked.seekFirst());
  assert(walked.next());
  add("one more");
  assertThrows(
    () => {
      while (walked.next());
    },
    Error,
    "a walk over what has changed",
  );
  assert(walked.seekFirst());
  other.removeAll(new RefList()); // changes nothing
  assert(walked.next());
  walked.destroy();
  arena.verify();
});

Deno.test("set: a member is added where it was looked for, and only once", () => {
  const arena = new Arena();
  const table = new MemberTable(arena, new KeyHasher(1, 2));
  const one = table.create(1);
  const two = table.create(1);
  const bytes = new TextEncoder().encode("member");
  assertEquals(table.find(one, bytes, 0, 6), 0);
  assertThrows(() => table.appendSought(two, bytes, 0, 6), Error, "elsewhere");
  assertEquals(table.find(one, bytes, 0, 6), 0);
  table.appendSought(one, bytes, 0, 6);
  assertThrows(() => table.appendSought(one, bytes, 0, 6), Error, "elsewhere");
  assertEquals([table.count(one), table.count(two)], [1, 0]);
  const intset = new IntegerSet(arena);
  const integers = intset.create();
  const others = intset.create();
  const five = new TextEncoder().encode("5");
  assertEquals(intset.find(integers, five, 0, 1), 0);
  assertThrows(() => intset.insertSought(others), Error, "elsewhere");
});
