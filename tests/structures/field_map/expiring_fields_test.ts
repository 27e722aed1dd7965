// Hashes whose fields may expire, in both encodings, against a Map: deadlines that come, go and pass,
// changes of encoding, memory that is counted and comes back.

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { Arena } from "../../../structures/arena/arena.ts";
import { FieldMap, FieldMapEncoding } from "../../../structures/field_map/field_map.ts";
import { EXPIRING_TABLE_SHAPE } from "../../../structures/field_map/expiring_table.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { Reclaimer } from "../../../structures/lazy_free/reclaimer.js";
import { RefList } from "../../../structures/set/ref_list.ts";
import { latin1, textOf } from "../byte_texts.ts";
import { SeededRandom } from "../seeded_random.ts";

interface Field {
  value: string;
  deadlineMs: number;
}

const FAR_MS = 2 ** 46 - 1;

/** A hash beside a model of it; the model's expired fields are gone when they are asked for. */
class Pair {
  readonly arena = new Arena();
  readonly clock = { dueMs: 1000 };
  readonly model = new Map<string, Field>();
  readonly map: FieldMap;
  readonly startBytes = this.arena.usedBytes;

  constructor(maxListpackEntries: number) {
    const limits = { maxListpackEntries, maxListpackValueBytes: 64 };
    this.map = new FieldMap(this.arena, new KeyHasher(3, 4), limits, this.clock, true);
    this.map.create();
  }

  live(field: string): Field | undefined {
    const found = this.model.get(field);
    const isGone = found !== undefined && found.deadlineMs !== 0 &&
      found.deadlineMs < this.clock.dueMs;
    if (isGone) this.model.delete(field);
    return this.model.get(field);
  }

  find(field: string): boolean {
    return this.map.find(latin1(field), 0, field.length);
  }

  set(field: string, value: string, keeps: boolean): void {
    const before = this.live(field);
    const isNew = this.map.set(
      latin1(field),
      0,
      field.length,
      latin1(value),
      0,
      value.length,
      keeps,
    );
    assertEquals(isNew, before === undefined);
    this.model.set(field, { value, deadlineMs: keeps ? before?.deadlineMs ?? 0 : 0 });
  }

  setDeadline(field: string, deadlineMs: number): void {
    this.map.makeExpiring();
    const before = this.live(field);
    assertEquals(this.find(field), before !== undefined);
    if (before === undefined) return;
    assertEquals(this.map.deadlineMs, before.deadlineMs);
    this.map.setDeadline(deadlineMs);
    before.deadlineMs = deadlineMs;
  }

  remove(field: string): void {
    const before = this.live(field);
    // One that has expired goes with the search.
    assertEquals(this.find(field), before !== undefined);
    assertEquals(this.map.remove(latin1(field), 0, field.length), before !== undefined);
    this.model.delete(field);
  }

  verify(): void {
    const { map } = this;
    map.verify();
    assertEquals(map.memoryBytes(), this.arena.usedBytes - this.startBytes);
    const expected = new Map<string, string>();
    for (const field of [...this.model.keys()]) {
      const found = this.live(field);
      if (found !== undefined) expected.set(field, found.value);
    }
    assertEquals(map.liveCount, expected.size);
    const walked = new Map<string, string>();
    for (let more = map.seekFirst(); more; more = map.next()) {
      walked.set(textOf(map.member), textOf(map.value));
    }
    assertEquals(walked, expected);
    const found = new RefList();
    let cursor = 0;
    do cursor = map.scan(cursor, found); while (cursor !== 0);
    const scanned = new Set<string>();
    for (let i = 0; i < found.count; i++) {
      map.seek(found.at(i));
      scanned.add(textOf(map.member));
    }
    assertEquals(scanned, new Set(expected.keys()));
    const random = new SeededRandom(5);
    for (let i = 0; i < 5; i++) {
      assertEquals(map.seekRandom((bound) => random.below(bound)), expected.size > 0);
      if (expected.size > 0) assert(expected.has(textOf(map.member)));
    }
  }

  end(): void {
    this.map.destroy();
    assertEquals(this.arena.usedBytes, this.startBytes);
    this.arena.verify();
  }
}

Deno.test("fields that expire: random changes in both encodings, against a Map", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.constantFrom(0, 8, 1000),
      fc.constantFrom(4, 30, 300),
      (seed, maxListpackEntries, fields) => {
        const random = new SeededRandom(seed);
        const pair = new Pair(maxListpackEntries);
        const field = () => `f${random.below(fields)}`;
        const value = () => random.pick(["", "7", "text", "v".repeat(60), "-9223372036854775808"]);
        const long = () => random.below(40) === 0 ? "x".repeat(40_000) : value();
        const deadline = () =>
          random.pick([0, FAR_MS, pair.clock.dueMs + random.below(50), pair.clock.dueMs]);
        for (let i = 0; i < 250; i++) {
          switch (random.below(7)) {
            case 0:
            case 1:
              pair.set(field(), random.below(3) === 0 ? long() : value(), random.below(2) === 0);
              break;
            case 2:
            case 3:
              pair.setDeadline(field(), deadline());
              break;
            case 4:
              pair.remove(field());
              break;
            case 5:
              pair.clock.dueMs += random.below(10);
              break;
            default:
              if (random.below(4) === 0) pair.map.removeExpired(1 + random.below(20));
          }
          if (i % 50 === 0) pair.verify();
        }
        pair.verify();
        pair.map.removeExpired(Infinity);
        assertEquals(pair.map.count, pair.map.liveCount);
        pair.verify();
        pair.end();
      },
    ),
    { numRuns: 80 },
  );
});

Deno.test("fields that expire: encodings, and what each keeps", () => {
  const { ExpiringListpack, ExpiringTable, Listpack, Table } = FieldMapEncoding;
  const pair = new Pair(3);
  pair.set("a", "1", false);
  assertEquals(pair.map.encoding, Listpack);
  pair.setDeadline("a", 5000);
  pair.set("b", "2", false);
  pair.setDeadline("b", 4000);
  pair.set("c", "3", false);
  assertEquals(pair.map.encoding, ExpiringListpack);
  assertEquals(pair.map.earliestMs, 4000);
  pair.verify();
  pair.set("d", "4", false);
  assertEquals(pair.map.encoding, ExpiringTable);
  assertEquals(pair.map.earliestMs, 4000);
  pair.verify();
  pair.clock.dueMs = 4001;
  pair.map.removeExpired(10);
  assertEquals([pair.map.count, pair.map.earliestMs], [3, 5000]);
  pair.setDeadline("a", 0);
  assertEquals(pair.map.earliestMs, Infinity);
  pair.verify();
  pair.end();

  const table = new Pair(0);
  for (let i = 0; i < 100; i++) table.set(`f${i}`, "v", false);
  assertEquals(table.map.encoding, Table);
  const before = table.arena.usedBytes;
  table.map.makeExpiring();
  assertEquals(table.map.encoding, ExpiringTable);
  // The nodes stay as they are.
  assert(table.arena.usedBytes - before <= 32);
  table.verify();
  table.end();
});

Deno.test("fields that expire: a field chosen at random is one of the few that are left", () => {
  const pair = new Pair(0);
  for (let i = 0; i < 5000; i++) {
    pair.set(`f${i}`, "v", false);
    if (i % 2500 !== 0) pair.setDeadline(`f${i}`, 2000);
  }
  pair.clock.dueMs = 3000;
  const random = new SeededRandom(9);
  for (let i = 0; i < 20; i++) {
    assert(pair.map.seekRandom((bound) => random.below(bound)));
    assert(["f0", "f2500"].includes(textOf(pair.map.member)));
  }
  assertEquals([pair.map.liveCount, pair.map.count], [2, 5000]);
  pair.end();
});

Deno.test("fields that expire: a large hash is freed from afar, a few blocks at a time", () => {
  const pair = new Pair(0);
  for (let i = 0; i < 3000; i++) {
    pair.set(`f${i}`, "v".repeat(i % 90), false);
    pair.setDeadline(`f${i}`, 5000 + i % 7);
  }
  const { arena } = pair;
  const reclaimer = new Reclaimer(
    arena.words,
    [EXPIRING_TABLE_SHAPE],
    (block) => arena.free(block),
  );
  reclaimer.begin(0, pair.map.ref);
  while (reclaimer.busy) reclaimer.advance(3);
  assertEquals(arena.usedBytes, pair.startBytes);
  arena.verify();
});

Deno.test("fields that expire take at most 0.6 of what Redis 7.4 lays out for them", () => {
  const fields = 62_500;
  const pair = new Pair(0);
  const fieldOf = (i: number) => `field:${String(i).padStart(7, "0")}`;
  for (let i = 0; i < fields; i++) {
    const field = latin1(fieldOf(i));
    pair.map.set(field, 0, field.length, latin1("8 bytes!"), 0, 8);
    pair.map.makeExpiring();
    pair.map.find(field, 0, field.length);
    pair.map.setDeadline(2_000_000_000_000 + i * 7919 % 86_400_000);
  }
  // What jemalloc makes of: the field with its metadata, 16 + 2 + 1 + 13 + 1 bytes; the value as an sds,
  // 1 + 8 + 1; an entry of the table; and beside them, a bucket of which there are 2^16, and a header of
  // 24 bytes for every 16 expiries at the same time (others take more).
  const ofRedis = 40 + 16 + 24 + 8 * 2 ** 16 / fields + 24 / 16;
  assertLessOrEqual(pair.map.memoryBytes() / fields, 0.6 * ofRedis);
  pair.end();
});
