// The library `cmsgpack`, beside redis-server's.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { openCmsgpack } from "../../lua/library/cmsgpack.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import {
  answerOf,
  answersOfRedis,
  assertCanBeEnded,
  calls,
  callToEnd,
  compareAnswers,
  functionOf,
  type LibraryCall,
  patientMachine,
  restlessMachine,
} from "./harness/library_calls.ts";
import { array, Fields, NULL, type TestValue, valueOf } from "./harness/lua_values.ts";

async function compare(calls: LibraryCall[]): Promise<void> {
  await using redis = await RedisReference.start();
  const machine = patientMachine();
  const library = openCmsgpack(machine);
  const ours = calls.map(({ name, args }) =>
    answerOf(machine, functionOf(library, name), args.map(valueOf))
  );
  compareAnswers(calls, ours, await answersOfRedis(redis.port, calls));
}

const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.double().map(Math.fround),
  fc.tuple(fc.integer({ min: 0, max: 65 }), fc.integer({ min: -2, max: 2 }), fc.constantFrom(1, -1))
    .map(([power, more, sign]) => sign * (2 ** power + more)),
  fc.constantFrom(0, -0, Infinity, -Infinity, NaN, -32, -33, -128, -129, 2 ** 63, -(2 ** 63), 0.5),
);
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."ab\0\x80\xff"), maxLength: 5 }),
  fc.constantFrom(31, 32, 255, 256).map((length) => "x".repeat(length)),
);
const scalars: fc.Arbitrary<TestValue> = fc.oneof(
  { weight: 5, arbitrary: numbers },
  { weight: 2, arbitrary: texts },
  fc.boolean(),
  fc.constant<TestValue>(NULL),
);
const { value: values } = fc.letrec<{ value: TestValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalars,
    fc.array(tie("value"), { maxLength: 17 }).map((elements) => array(...elements)),
    fc.tuple(
      fc.oneof(fc.constantFrom<TestValue>("k", 1, 2, 0, -1, 1.5, true, 2 ** 31, 1e300)),
      tie("value"),
    )
      .map((field) => new Fields([field])),
    tie("value").map((key) => new Fields([[array(key), 1]])),
  ),
}));

function nested(depth: number): TestValue {
  let value: TestValue = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? array(value) : new Fields([["a", value]]);
  return value;
}

Deno.test({
  name: "cmsgpack.pack as in redis-server",
  ignore: withoutRedis,
  async fn() {
    const lists = fc.sample(
      fc.array(fc.oneof(values, fc.constant(undefined)), { maxLength: 3 }),
      1500,
    );
    await compare([
      ...lists.map((args) => ({ name: "cmsgpack.pack", args })),
      ...fc.sample(numbers, 1500).map((value) => ({ name: "cmsgpack.pack", args: [value] })),
      ...calls("cmsgpack.pack", ["x".repeat(65_535)], ["x".repeat(65_536)]),
      ...calls("cmsgpack.pack", [nested(15)], [nested(16)], [nested(17)], [nested(18)], [
        array(),
        undefined,
      ]),
      ...calls("cmsgpack.pack", [array(...Array(70_000).fill(1))], [
        array(...Array(16).fill(NULL)),
      ]),
    ]);
  },
});

const codes = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(0x81, 0x82, 0x91, 0x92, 0xa1, 0xc0, 0xc2, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf),
  fc.constantFrom(0xd0, 0xd1, 0xd2, 0xd3, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0, 0, 0, 1, 2),
);
const packed = fc.array(codes, { maxLength: 14 }).map((bytes) => String.fromCharCode(...bytes));

Deno.test({
  name: "cmsgpack.unpack, unpack_one and unpack_limit as in redis-server",
  ignore: withoutRedis,
  async fn() {
    const small = fc.constantFrom<TestValue>(undefined, 0, 1, 2, 3, -1, "1", "x", 1.5, 100);
    const machine = patientMachine();
    const pack = functionOf(openCmsgpack(machine), "pack");
    const whole = fc.array(values, { minLength: 1, maxLength: 3 })
      .map((list) => callToEnd(machine, pack, list.map(valueOf))[0] as string);
    const text = fc.oneof(
      { weight: 3, arbitrary: packed },
      whole,
      fc.tuple(whole, fc.nat()).map(([text, at]) => text.slice(0, at % text.length)),
    ).filter((text) => text.length < 5000);
    await compare([
      ...fc.sample(text, 4000).map((text) => ({ name: "cmsgpack.unpack", args: [text] })),
      ...fc.sample(fc.tuple(text, small), 1000).map((args) => ({
        name: "cmsgpack.unpack_one",
        args,
      })),
      ...fc.sample(fc.tuple(text, small, small), 1000)
        .map((args) => ({ name: "cmsgpack.unpack_limit", args })),
      ...calls("cmsgpack.unpack", [], [undefined], [12], [""], ["\x01".repeat(7999)], [
        "\x01".repeat(8000),
      ]),
      ...calls("cmsgpack.unpack", ["\x91".repeat(3997) + "\x01"], ["\x91".repeat(5000)], [
        "\x81".repeat(9000),
      ]),
      ...calls("cmsgpack.unpack", ["\x81\x01".repeat(3997) + "\x01"], ["\x81\x01".repeat(4500)]),
      ...calls("cmsgpack.unpack", ["\xdd\xff\xff\xff\xff"], ["\xdb\xff\xff\xff\xff"], [
        "\xdf\xff\xff\xff\xff\x01",
      ]),
      ...calls("cmsgpack.unpack_one", [], ["\x01\x02", 1], ["\x01\x02", 2], ["\x01\x02", 3], [
        "\x01",
        -1,
      ]),
      ...calls("cmsgpack.unpack_limit", [], ["\x01"], ["\x01\x02\x03", 2], ["\x01\x02\x03", 0, 1]),
    ]);
  },
});

Deno.test("MessagePack is the same where the machine is stopped at every turn", () => {
  const value = array(
    ...Array.from({ length: 20_000 }, (_, i) => new Fields([[`k${i % 7}`, array(i, "x", i / 3)]])),
  );
  const answers = [patientMachine(), restlessMachine().machine].map((machine) => {
    const library = openCmsgpack(machine);
    const packed = callToEnd(machine, functionOf(library, "pack"), [valueOf(value)]);
    return [packed, answerOf(machine, functionOf(library, "unpack"), packed)];
  });
  assertEquals(answers[0], answers[1]);
  const { machine, turns } = restlessMachine();
  const packed = callToEnd(machine, functionOf(openCmsgpack(machine), "pack"), [valueOf(value)]);
  if (turns() < 5 || (packed[0] as string).length < 100_000) throw new Error("it was not stopped");
});

Deno.test("a table that is small but long to write can be ended", () => {
  let value = array(1);
  for (let i = 0; i < 15; i++) value = array(...Array(9).fill(value));
  const shared = new Map<Fields, LuaTable>();
  const tableOf = (fields: Fields): LuaTable => {
    let table = shared.get(fields);
    if (table === undefined) {
      shared.set(fields, table = new LuaTable());
      for (const [key, each] of fields.entries) {
        table.set(key as number, each instanceof Fields ? tableOf(each) : each as number);
      }
    }
    return table;
  };
  assertCanBeEnded(openCmsgpack, "pack", [tableOf(value)]);
});
