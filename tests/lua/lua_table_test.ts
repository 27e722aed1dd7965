// Tables: as a map against a model, and their lengths beside Debian's lua5.1.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { constructorSize } from "../../lua/runtime/border_sizes.ts";
import { LuaError } from "../../lua/runtime/lua_error.ts";
import { checkWritable, LuaTable } from "../../lua/runtime/lua_table.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import { runLua, withoutLua } from "./harness/lua_reference.ts";

/** All entries, as a traversal finds them. */
function entriesOf(table: LuaTable): [LuaValue, LuaValue][] {
  const found: [LuaValue, LuaValue][] = [];
  for (let at = table.occupiedFrom(0); at >= 0; at = table.occupiedFrom(at + 1)) {
    found.push([table.keyAt(at), table.valueAt(at)]);
  }
  return found;
}

function byText(entries: Iterable<[LuaValue, LuaValue]>): string[] {
  return [...entries].map(([key, value]) => `${typeof key} ${key} = ${value}`).sort();
}

function assertBorder(table: LuaTable, model: ReadonlyMap<LuaValue, LuaValue>): void {
  const { length } = table;
  assert(length === 0 || model.has(length), `t[${length}] is nil`);
  assert(!model.has(length + 1), `t[${length} + 1] is not nil`);
}

const integers = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 70 }),
  fc.integer({ min: -2, max: 3 }),
);
const keys: fc.Arbitrary<LuaValue> = fc.oneof(
  { weight: 5, arbitrary: integers },
  { weight: 2, arbitrary: fc.nat(12).map((n) => `s${n}`) },
  fc.constantFrom<LuaValue>(1.5, -1.5, 2 ** 31, 2 ** 32 + 1, 2 ** 53, true, false, Infinity),
);
const values = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<LuaValue>(undefined) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 99 }) },
  fc.constantFrom<LuaValue>("x", 0.5, false),
);

Deno.test("a table holds what a map would, and its length is a border", () => {
  const items = fc.array(values, { maxLength: 20 });
  const steps = fc.array(fc.tuple(keys, values), { maxLength: 120 });
  fc.assert(
    fc.property(items, fc.nat(5), steps, (items, fields, steps) => {
      const model = new Map<LuaValue, LuaValue>();
      const table = new LuaTable([...items], constructorSize(items.length), fields);
      items.forEach((value, i) => value !== undefined && model.set(i + 1, value));
      for (const [key, value] of steps) {
        table.set(key, value);
        if (value === undefined) model.delete(key);
        else model.set(key, value);
        assertEquals(table.get(key), value);
        assertBorder(table, model);
        const first = table.occupiedFrom(0);
        if (first < 0) assertEquals(model.size, 0);
        else assertEquals(table.valueAt(first), model.get(table.keyAt(first)));
      }
      assertEquals(byText(entriesOf(table)), byText(model));
      for (let key = -3; key < 80; key++) {
        assertEquals(table.getIndex(key), model.get(key));
        assertEquals(table.getString(`s${key}`), model.get(`s${key}`));
        const place = table.placeOf(`s${key}`);
        if (model.has(`s${key}`)) assertEquals(table.entries[place], `s${key}`);
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("a traversal finds each entry once, whatever is removed meanwhile", () => {
  const removals = fc.infiniteStream(fc.tuple(fc.nat(3), keys));
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 60 }), removals, fc.boolean(), (keys, plan, byKey) => {
      const table = new LuaTable();
      const left = new Set<LuaValue>();
      for (const key of keys) {
        table.set(key, `of ${key}`);
        left.add(key);
      }
      const seen = new Set<LuaValue>();
      let at = table.occupiedFrom(0);
      for (const [choice, other] of plan) {
        if (at < 0) break;
        const key = table.keyAt(at);
        assert(left.has(key) && !seen.has(key), `${key} is seen a second time`);
        assertEquals(table.valueAt(at), `of ${key}`);
        seen.add(key);
        const removed = choice === 0 ? key : choice === 1 ? other : undefined;
        if (removed !== undefined && left.has(removed)) {
          table.set(removed, undefined);
          if (!seen.has(removed)) left.delete(removed);
        }
        at = table.occupiedFrom(byKey ? table.placeAfter(key) : at + 1);
      }
      assertEquals(seen, left);
    }),
    { numRuns: 400 },
  );
});

type Step = readonly [key: number | string, value: 1 | undefined];

/** A constructor, and what is assigned after it; the length after each step. */
interface Program {
  readonly items: readonly (1 | undefined)[];
  readonly fields: number;
  readonly steps: readonly Step[];
}

const borderKeys = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 80 }) },
  { weight: 2, arbitrary: fc.nat(7).map((n) => `s${n}`) },
);

function programs(value: fc.Arbitrary<1 | undefined>): fc.Arbitrary<Program> {
  const item = fc.constantFrom<(1 | undefined)[]>(1, 1, 1, undefined);
  return fc.record({
    items: fc.oneof(fc.array(item, { maxLength: 6 }), fc.array(item, { maxLength: 40 })),
    fields: fc.oneof(fc.constant(0), fc.nat(5)),
    steps: fc.array(fc.tuple(borderKeys, value), { maxLength: 60, size: "max" }),
  });
}

function ourLengths({ items, fields, steps }: Program): number[] {
  const table = new LuaTable(
    [...items],
    constructorSize(items.length),
    constructorSize(fields),
  );
  for (let i = 0; i < fields; i++) table.setString(`f${i}`, 1);
  const lengths = [table.length];
  for (const [key, value] of steps) {
    table.set(key, value);
    lengths.push(table.length);
  }
  return lengths;
}

async function luasLengths(programs: readonly Program[]): Promise<number[][]> {
  const source = programs.map(({ items, fields, steps }) => {
    const listed = [
      ...items.map((item) => item ?? "nil"),
      ...Array.from({ length: fields }, (_, i) => `f${i} = 1`),
    ];
    const assigned = steps.map(([key, value]) =>
      `t[${JSON.stringify(key)}] = ${value ?? "nil"} n[#n + 1] = #t`
    );
    return `do local t = {${listed.join(", ")}} local n = {#t}
      ${assigned.join("\n")} print(table.concat(n, " ")) end`;
  });
  return (await runLua(source.join("\n"))).map((line) => line.split(" ").map(Number));
}

Deno.test({
  name: "the length of a table with holes is lua5.1's, while it grows",
  ignore: withoutLua,
  async fn() {
    const some = fc.sample(programs(fc.constant(1)), 1000);
    const theirs = await luasLengths(some);
    some.forEach((program, i) => {
      assertEquals(ourLengths(program), theirs[i], JSON.stringify(program));
    });
  },
});

Deno.test({
  name: "the length of a table with holes is mostly lua5.1's, where elements are removed too",
  ignore: withoutLua,
  async fn() {
    const some = fc.sample(programs(fc.constantFrom(1, 1, 1, undefined)), 1000);
    const theirs = await luasLengths(some);
    let steps = 0;
    let different = 0;
    some.forEach((program, i) => {
      const ours = ourLengths(program);
      steps += ours.length;
      different += ours.filter((length, step) => length !== theirs[i][step]).length;
    });
    // Where Lua's hash of a new key happens to be that of a removed one, its sizes change later.
    assert(different < steps / 12, `${different} of ${steps} lengths differ`);
  },
});

Deno.test("the length of constructors with nil", () => {
  const length = (...items: LuaValue[]) => new LuaTable(items).length;
  const nil = undefined;
  assertEquals(length(1, 2, nil, 4), 4);
  assertEquals(length(nil, nil, 3), 3);
  assertEquals(length(1, nil, nil, 4, nil), 1);
  assertEquals(length(nil), 0);
  assertEquals(length(1, nil), 1);
  assertEquals(length(), 0);
});

Deno.test("keys: -0 is 0, a float that is whole is an integer, NaN and nil are none", () => {
  const table = new LuaTable();
  table.set(-0, "zero");
  table.set(2 ** 53, "large");
  assertEquals(table.get(0), "zero");
  assertEquals(table.get(9007199254740992), "large");
  assertEquals([table.get(NaN), table.get(undefined)], [undefined, undefined]);
  for (const value of [1, undefined]) {
    const nan = assertThrowsLua(() => table.set(NaN, value));
    assertEquals(nan, "table index is NaN");
    assertEquals(assertThrowsLua(() => table.set(undefined, value)), "table index is nil");
  }
});

function assertThrowsLua(act: () => void): LuaValue {
  try {
    act();
  } catch (error) {
    assert(error instanceof LuaError);
    return error.value;
  }
  throw new Error("no error");
}

Deno.test("next: a key that is none of the table's is invalid", () => {
  const table = new LuaTable([1, 2, 3]);
  table.set("a", 1);
  for (const key of ["b", 1.5, -1, 0, true, 1e300]) {
    assertEquals(assertThrowsLua(() => table.placeAfter(key)), "invalid key to 'next'");
  }
  assertEquals(table.occupiedFrom(table.placeAfter("a")), -1);
});

Deno.test("a read-only table refuses all, but errors of keys come first", () => {
  const table = new LuaTable([1]);
  table.isReadonly = true;
  const message = "Attempt to modify a readonly table";
  for (const key of ["a", 1, 2, 1.5, true]) {
    assertEquals(assertThrowsLua(() => table.set(key, 1)), message);
  }
  assertEquals(assertThrowsLua(() => table.setString("a", 1)), message);
  assertEquals(assertThrowsLua(() => table.setIndex(1, 2)), message);
  assertEquals(assertThrowsLua(() => table.set(NaN, 1)), "table index is NaN");
  assertThrows(() => checkWritable(table));
  assertEquals(entriesOf(table), [[1, 1]]);
});

/** The array slots that a table holds on to. */
function slotsOf(table: LuaTable): number {
  return table.elements.length + table.entries.length;
}

Deno.test("a table that was filled and emptied keeps next to nothing", () => {
  const count = 100_000;
  for (
    const keyOf of [
      (i: number) => i + 1,
      (i: number) => count - i,
      (i: number) => `k${i}`,
      (i: number) => i + 0.5,
      (i: number) => (i + 1) * 3,
    ]
  ) {
    const table = new LuaTable();
    for (let i = 0; i < count; i++) table.set(keyOf(i), i);
    assertEquals(entriesOf(table).length, count);
    for (let i = 0; i < count; i++) table.set(keyOf(i), undefined);
    assertEquals(table.occupiedFrom(0), -1);
    assert(slotsOf(table) < 64, `${slotsOf(table)} slots for ${keyOf(1)}`);
    assertEquals(table.length, 0);
  }
});

Deno.test("a queue of a hundred that a million pass through stays small", () => {
  const table = new LuaTable();
  let head = 1;
  let most = 0;
  for (let tail = 1; tail <= 1_000_000; tail++) {
    table.setIndex(tail, tail);
    if (tail - head < 100) continue;
    assertEquals(table.getIndex(head), head);
    table.setIndex(head++, undefined);
    most = Math.max(most, slotsOf(table));
  }
  assert(most < 2000, `${most} slots`);
});

Deno.test("entries that come and go do not pile up", () => {
  const table = new LuaTable();
  for (let i = 0; i < 100_000; i++) {
    table.setString(`k${i}`, i);
    table.setString(`k${i - 20}`, undefined);
    table.setString(`n${i}`, undefined);
  }
  assert(slotsOf(table) < 256, `${slotsOf(table)} slots`);
});

Deno.test("an emptied table's keys still end a traversal", () => {
  const table = new LuaTable();
  for (let i = 0; i < 100; i++) table.setString(`k${i}`, i);
  let key: LuaValue;
  let count = 0;
  for (;;) {
    const place = table.occupiedFrom(table.placeAfter(key));
    if (place < 0) break;
    key = table.keyAt(place);
    table.set(key, undefined);
    count++;
  }
  assertEquals(count, 100);
});

Deno.test("a table that is emptied from its first entry on is not walked each time", () => {
  const count = 300_000;
  for (const keyOf of [(i: number) => i + 1, (i: number) => `k${i}`, (i: number) => i * 7 + 3]) {
    const table = new LuaTable();
    for (let i = 0; i < count; i++) table.set(keyOf(i), i);
    let removed = 0;
    for (let at = table.occupiedFrom(0); at >= 0; at = table.occupiedFrom(0)) {
      table.set(table.keyAt(at), undefined);
      removed++;
    }
    assertEquals(removed, count);
  }
});

Deno.test("keys that come and go at the edge of an array's size do not have it moved each time", () => {
  const count = 2 ** 19;
  const table = new LuaTable();
  for (let i = 1; i <= count + 1; i++) table.setIndex(i, i);
  table.setIndex(5, undefined);
  for (let i = 0; i < 300_000; i++) {
    table.setIndex(count, undefined);
    table.setString(`k${i}`, i);
    table.setString(`k${i}`, undefined);
    table.setIndex(count, i);
    table.setString(`l${i}`, i);
    table.setString(`l${i}`, undefined);
  }
  assertEquals([table.getIndex(count), table.getIndex(5)], [299_999, undefined]);
});
