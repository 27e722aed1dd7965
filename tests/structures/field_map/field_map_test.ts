// Hashes in both encodings against a Map: changes of values in place and to other blocks,
// conversion at exactly the limits, and memory that comes back.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Arena, ArenaFullError } from "../../../structures/arena/arena.ts";
import {
  FieldMap,
  FieldMapEncoding,
  type HashLimits,
} from "../../../structures/field_map/field_map.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { LazyFree } from "../../../structures/lazy_free/lazy_free.ts";
import { MEMBER_TABLE_SHAPE } from "../../../structures/set/member_table.ts";
import { RefList } from "../../../structures/set/ref_list.ts";
import { fillArena, latin1, textOf } from "../byte_texts.ts";
import { SeededRandom } from "../seeded_random.ts";

const { Listpack, Table } = FieldMapEncoding;

/** A hash beside a model of it. */
class MapAndModel {
  readonly map: FieldMap;
  readonly startBytes: number;
  readonly model = new Map<string, string>();

  constructor(readonly limits: HashLimits, readonly arena: Arena = new Arena()) {
    this.startBytes = arena.usedBytes;
    this.map = new FieldMap(arena, new KeyHasher(1, 2), limits);
    this.map.create();
  }

  set(field: string, value: string): void {
    const isNew = this.map.set(
      latin1("<" + field + ">"),
      1,
      field.length,
      latin1("[" + value + "]"),
      1,
      value.length,
    );
    assertEquals(isNew, !this.model.has(field));
    this.model.set(field, value);
  }

  remove(field: string): void {
    assertEquals(this.map.remove(latin1(field), 0, field.length), this.model.delete(field));
  }

  verify(): void {
    const { map } = this;
    map.verify();
    assertEquals(map.count, this.model.size);
    assertEquals(map.memoryBytes(), this.arena.usedBytes - this.startBytes);
    const walked = new Map<string, string>();
    for (let more = map.seekFirst(); more; more = map.next()) {
      walked.set(textOf(map.member), textOf(map.value));
    }
    assertEquals(walked, this.model);
    const found = new RefList();
    let cursor = 0;
    do cursor = map.scan(cursor, found); while (cursor !== 0);
    const scanned = new Map<string, string>();
    for (let i = 0; i < found.count; i++) {
      map.seek(found.at(i));
      scanned.set(textOf(map.member), textOf(map.value));
    }
    assertEquals(scanned, this.model);
    for (const [field, value] of this.model) {
      assert(map.find(latin1(field), 0, field.length));
      assertEquals(textOf(map.value), value);
    }
  }

  end(): void {
    this.map.destroy();
    assertEquals(this.arena.usedBytes, this.startBytes);
    this.arena.verify();
  }
}

const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "\xff", "\0"), maxLength: 3 }),
  fc.integer({ min: -300, max: 300 }).map(String),
  fc.constantFrom("9223372036854775807", "9223372036854775808", "-0", "007"),
);
const values = fc.oneof(texts, fc.integer({ min: 0, max: 200 }).map((n) => "v".repeat(n)));
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ field: texts, value: values }) },
    { weight: 1, arbitrary: fc.record({ remove: texts }) },
  ),
  { maxLength: 80, size: "max" },
);

Deno.test("hash: random changes in both encodings, against a Map", () => {
  const limits = fc.constantFrom(
    { maxListpackEntries: 1000, maxListpackValueBytes: 1000 },
    { maxListpackEntries: 12, maxListpackValueBytes: 64 },
    { maxListpackEntries: 0, maxListpackValueBytes: 64 },
  );
  fc.assert(
    fc.property(limits, steps, (limits, steps) => {
      const both = new MapAndModel(limits);
      for (const step of steps) {
        if ("remove" in step) both.remove(step.remove);
        else both.set(step.field, step.value);
        both.map.verify();
      }
      both.verify();
      both.end();
    }),
    { numRuns: 120 },
  );
});

Deno.test("hash: conversion at exactly the limits, never back", () => {
  const limits = { maxListpackEntries: 2, maxListpackValueBytes: 5 };
  const encodings = (...pairs: [string, string][]) => {
    const both = new MapAndModel(limits);
    const seen = pairs.map(([field, value]) => {
      both.set(field, value);
      return both.map.encoding;
    });
    both.verify();
    for (const [field] of pairs.slice(1)) if (both.model.has(field)) both.remove(field);
    assertEquals(both.map.encoding, seen.at(-1));
    both.end();
    return seen;
  };
  assertEquals(encodings(["a", "1"], ["b", "2"], ["a", "3"]), [Listpack, Listpack, Listpack]);
  assertEquals(encodings(["a", "1"], ["b", "2"], ["c", "3"]), [Listpack, Listpack, Table]);
  assertEquals(encodings(["a", "fives"], ["fives", "1"]), [Listpack, Listpack]);
  assertEquals(encodings(["a", "sixsix"]), [Table]);
  assertEquals(encodings(["a", "1"], ["sixsix", "1"]), [Listpack, Table]);
  assertEquals(encodings(["a", "1"], ["a", "123456"]), [Listpack, Table]);

  const both = new MapAndModel(limits);
  both.map.prepare(2);
  assertEquals(both.map.encoding, Listpack);
  both.set("a", "1");
  both.map.prepare(3);
  assertEquals(both.map.encoding, Table);
  both.verify();
  both.end();
});

Deno.test("hash: a value of the same size class stays in its block", () => {
  const both = new MapAndModel({ maxListpackEntries: 0, maxListpackValueBytes: 0 });
  both.set("field", "x".repeat(16));
  const used = both.arena.usedBytes;
  assert(both.map.find(latin1("field"), 0, 5));
  const { position } = both.map;
  for (const length of [15, 16, 17, 19, 12]) {
    both.set("field", "y".repeat(length));
    assert(both.map.find(latin1("field"), 0, 5));
    assertEquals([both.map.position, both.arena.usedBytes], [position, used]);
  }
  both.set("field", "z".repeat(100));
  both.verify();
  both.set("field", "");
  both.verify();
  both.end();
});

Deno.test("hash: a full arena leaves every hash as it was", () => {
  for (const fields of [["1", "b"], ["1", "b", "c"]]) {
    const both = new MapAndModel(
      { maxListpackEntries: 2, maxListpackValueBytes: 64 },
      new Arena(1),
    );
    for (const field of fields) both.set(field, "value");
    const { encoding } = both.map;
    const fillers = fillArena(both.arena);
    const used = both.arena.usedBytes;
    for (const [field, value] of [["new", "v"], ["b", "x".repeat(5000)]]) {
      assertThrows(
        () => both.map.set(latin1(field), 0, field.length, latin1(value), 0, value.length),
        ArenaFullError,
      );
      assertEquals([both.map.encoding, both.arena.usedBytes], [encoding, used]);
      both.map.verify();
    }
    for (const filler of fillers) both.arena.free(filler);
    both.set("new", "v");
    both.verify();
    both.end();
  }
});

Deno.test("hash: 30,000 random changes to a large hash return every byte", () => {
  const both = new MapAndModel({ maxListpackEntries: 128, maxListpackValueBytes: 64 });
  const random = new SeededRandom(32);
  for (let i = 0; i < 30_000; i++) {
    const field = `field:${random.below(5000)}`;
    if (random.below(3) === 0) both.remove(field);
    else both.set(field, "v".repeat(random.below(40)));
  }
  both.verify();
  for (const field of [...both.model.keys()]) both.remove(field);
  both.verify();
  const free = new LazyFree(both.arena, [MEMBER_TABLE_SHAPE], 0);
  for (let i = 0; i < 3000; i++) both.set(`field:${i}`, `value:${i}`);
  free.freeNow(0, both.map.ref);
  assertEquals(both.arena.usedBytes, both.startBytes);
  free.close();
});
