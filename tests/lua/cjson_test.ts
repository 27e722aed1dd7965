// The library `cjson`, beside redis-server's.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { openCjson } from "../../lua/library/cjson.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import {
  answerOf,
  answersOfRedis,
  assertCanBeEnded,
  calls,
  compareAnswers,
  functionOf,
  type LibraryCall,
  patientMachine,
  restlessMachine,
} from "./harness/library_calls.ts";
import { array, Fields, NULL, type TestValue, valueOf } from "./harness/lua_values.ts";

function answersOf(calls: readonly LibraryCall[]): string[] {
  const machine = patientMachine();
  const library = openCjson(machine);
  return calls.map(({ name, args }) =>
    answerOf(machine, functionOf(library, name), args.map(valueOf))
  );
}

async function compare(calls: LibraryCall[]): Promise<void> {
  await using redis = await RedisReference.start();
  compareAnswers(calls, answersOf(calls), await answersOfRedis(redis.port, calls));
}

const texts = fc.string({
  unit: fc.constantFrom(...'abc/"\\\b\f\n\r\t\0\x01\x1f\x7f\x80\xff\xc3\xa9é '),
  maxLength: 8,
});
const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8),
  fc.constantFrom(0, -0, 1e14, 1e15, 1e-5, 0.1, Infinity, -Infinity, NaN),
);
const scalars: fc.Arbitrary<TestValue> = fc.oneof(
  { weight: 4, arbitrary: texts },
  { weight: 4, arbitrary: numbers },
  fc.boolean(),
  fc.constant<TestValue>(NULL),
);
// Tables have one field, or elements: the order of others is each server's own.
const { value: values } = fc.letrec<{ value: TestValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalars,
    fc.array(tie("value"), { maxLength: 4 }).map((elements) => array(...elements)),
    fc.tuple(texts, tie("value")).map((field) => new Fields([field])),
    fc.tuple(
      fc.constantFrom<TestValue>(2, 10, 11, 100, 0, -1, 1.5, 1e300, 2 ** 31, true, Infinity),
      tie("value"),
    )
      .map((field) => new Fields([field])),
  ),
}));

function nested(depth: number, isArray: boolean): TestValue {
  let value: TestValue = 1;
  for (let i = 0; i < depth; i++) value = isArray ? array(value) : new Fields([["a", value]]);
  return value;
}

Deno.test({
  name: "cjson.encode as in redis-server",
  ignore: withoutRedis,
  async fn() {
    const holes = (...indexes: number[]) => new Fields(indexes.map((index) => [index, index]));
    await compare([
      ...fc.sample(values, 3000).map((value) => ({ name: "cjson.encode", args: [value] })),
      ...calls("cjson.encode", [], [1, 2], [undefined], [new Fields([])], [array()], [true], [
        NULL,
      ]),
      ...calls("cjson.encode", [holes(1, 2, 11)], [holes(1, 10)], [holes(1, 2, 3, 4, 5, 6, 12)], [
        holes(3),
      ]),
      ...calls("cjson.encode", [nested(100, true)], [nested(100, false)]),
      ...calls("cjson.encode", [new Fields([[array(), 1]])], ["x".repeat(50) + "/"], [
        "é".repeat(30),
      ]),
    ]);
  },
});

const jsonPieces = fc.array(
  fc.constantFrom(
    ...'[]{},: \t\n\0"',
    ...[
      "1",
      "-1",
      "0",
      "01",
      "1.5",
      "-0",
      "1e3",
      "1E-2",
      "1.",
      ".5",
      "-",
      "+1",
      "0x10",
      "0x",
      "-0x1p4",
    ],
    ...[
      "123456789012345678",
      "0.1",
      "1.7976931348623157e308",
      "1e999",
      "5e-324",
      "1e",
      "1e+",
      "-.5",
    ],
    ...[
      "nan",
      "-nan",
      "NaN",
      "inf",
      "Infinity",
      "-inf",
      "+inf",
      "i",
      "N",
      "nul",
      "t",
      "f",
      "+",
      "+x",
    ],
    ...[
      "true",
      "false",
      "null",
      "truex",
      '"a"',
      '"b":',
      '""',
      '"a\\n\\/\\"\\\\"',
      '"\\u00e9"',
      '"\\u20ac"',
    ],
    ...[
      '"\\ud83d\\ude00"',
      '"\\ud83d"',
      '"\\ude00"',
      '"\\ud83dx"',
      '"\\u12"',
      '"\\uD83D\\u0041"',
      '"\\x"',
    ],
    ...[
      '"\\',
      '"\\u0000"',
      '"\xff\xfe"',
      "\xef\xbb\xbf",
      "'a'",
      "[1,",
      '{"a":',
      "]]",
      "}}",
      "/**/",
      "\f",
      "\v",
    ],
  ),
  { maxLength: 7 },
).map((pieces) => pieces.join(""));
const jsonTexts = fc.oneof(
  { weight: 2, arbitrary: jsonPieces },
  fc.json({ maxDepth: 4 }),
  fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 1 })).map(([text, at, byte]) =>
    text.slice(0, at % (text.length + 1)) + byte + text.slice(at % (text.length + 1) + 1)
  ),
).map((text) => text.replace(/[^\0-\xff]/g, "?"));

Deno.test({
  name: "cjson.decode as in redis-server",
  ignore: withoutRedis,
  async fn() {
    await compare([
      ...fc.sample(jsonTexts, 6000).map((text) => ({ name: "cjson.decode", args: [text] })),
      ...calls("cjson.decode", [], ["1", 2], [undefined], [true], [12], [""], [" "], ["\0"], [
        "\0\0",
      ], ["1\0x"]),
      ...calls("cjson.decode", ["[".repeat(1000) + "]".repeat(1000)], ["[".repeat(1001)]),
      ...calls("cjson.decode", ['{"a":'.repeat(1001)], [
        "[".repeat(999) + '{"a":1}' + "]".repeat(999),
      ]),
    ]);
  },
});

Deno.test({
  name: "cjson's settings as in redis-server",
  ignore: withoutRedis,
  async fn() {
    const some = fc.constantFrom<TestValue>(
      undefined,
      true,
      false,
      "on",
      "off",
      "null",
      0,
      1,
      5,
      14,
      15,
      "3",
      2.7,
      -1,
    );
    const names = fc.constantFrom(
      ...["sparse_array", "max_depth", "number_precision", "keep_buffer", "invalid_numbers"]
        .map((name) => `cjson.encode_${name}`),
      ...["max_depth", "invalid_numbers"].map((name) => `cjson.decode_${name}`),
    );
    const setting = fc.tuple(names, fc.array(some, { maxLength: 4 }))
      .map(([name, args]): LibraryCall => ({ name, args }));
    const use = fc.oneof(
      fc.tuple(values).map((args): LibraryCall => ({ name: "cjson.encode", args })),
      fc.tuple(jsonPieces).map((args): LibraryCall => ({ name: "cjson.decode", args })),
    );
    await compare(fc.sample(fc.oneof({ weight: 2, arbitrary: setting }, use), 3000));
    const depth = (name: string, most: number) => calls(`cjson.${name}`, [most]);
    await compare([
      ...depth("encode_max_depth", 100_000),
      ...depth("decode_max_depth", 100_000),
      ...calls("cjson.decode", ["[".repeat(9000)], ['{"a":'.repeat(4500)], [
        "[".repeat(3998) + '{"a":'.repeat(5000),
      ]),
    ]);
  },
});

Deno.test("encoding stops where Lua's stack would end, and a table within itself is an error", () => {
  const machine = patientMachine();
  const library = openCjson(machine);
  const table = valueOf(array());
  assert(table instanceof LuaTable);
  table.set(1, table);
  const encode = functionOf(library, "encode");
  assertEquals(
    answerOf(machine, encode, [table]),
    'false\t"Cannot serialise, excessive nesting (1001)"',
  );
  functionOf(library, "encode_max_depth").code(encode, 100_000);
  assertEquals(
    answerOf(machine, encode, [table]),
    'false\t"Cannot serialise, excessive nesting (7998)"',
  );
});

Deno.test("JSON is the same where the machine is stopped at every turn", () => {
  const { machine, turns } = restlessMachine();
  const library = openCjson(machine);
  const value = array(
    ...Array.from(
      { length: 20_000 },
      (_, i) => new Fields([[`k${i % 7}`, i % 3 === 0 ? array(i, NULL) : "x"]]),
    ),
  );
  const encode = answerOf(machine, functionOf(library, "encode"), [valueOf(value)]);
  assertEquals(
    encode.slice(0, 40),
    `true\t"[{\\034k0\\034:[0,null]},{\\034k1\\034:\\034x\\034`.slice(0, 40),
  );
  const text = JSON.stringify(
    Array.from({ length: 5000 }, (_, i) => ({ i, s: "é\n".repeat(i % 5) })),
  );
  const bytes = text.replace(/[^\0-\x7f]/g, "?");
  const before = turns();
  const decode = functionOf(library, "decode");
  assertEquals(
    answerOf(machine, decode, [bytes]),
    answerOf(patientMachine(), functionOf(openCjson(patientMachine()), "decode"), [bytes]),
  );
  if (before < 5 || turns() - before < 5) throw new Error("it was not stopped");
});

Deno.test("a table that is small but long to write can be ended", () => {
  let value = array(1);
  for (let i = 0; i < 40; i++) value = array(value, value);
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
  assertCanBeEnded(openCjson, "encode", [tableOf(value)]);
});
