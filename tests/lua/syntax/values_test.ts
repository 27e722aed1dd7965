// The values of numerals and strings in a text, as lua5.1 has them.

import { assertEquals } from "@std/assert";
import { parseChunk } from "../../../lua/syntax/parser.ts";
import {
  displayName,
  POSITION_NAME_SIZE,
  SYNTAX_NAME_SIZE,
} from "../../../lua/syntax/chunk_name.ts";

/** The constants that a text returns. */
function returned(text: string): unknown[] {
  const statement = parseChunk(text, "=s").body.statements.at(-1);
  if (statement?.kind !== "return") throw new Error("returns nothing");
  return statement.values.map((value) => value.kind === "constant" ? value.value : value.kind);
}

Deno.test("numerals have the values that strtod gives them", () => {
  const numerals: Record<string, number> = {
    "3": 3,
    "3.": 3,
    ".5": 0.5,
    "1e3": 1000,
    "1E+3": 1000,
    "25e-2": 0.25,
    "3.25e1": 32.5,
    "0x10": 16,
    "0XfF": 255,
    "0x1p4": 16,
    "0xap1": 20,
    "0x1fffffffffffff": 9007199254740991,
    "0xfffffffffffffffff": 295147905179352830000,
    "0x20000000000001": 9007199254740992,
    "0x20000000000003": 9007199254740996,
    "08": 8,
    "9007199254740993": 9007199254740992,
    "123456789012345678901234567890": 1.2345678901234568e29,
    "1e400": Infinity,
    "5e-324": 5e-324,
    "0x0p99999999999": 0,
    "3\0": 3,
    "3\0x": 3,
  };
  for (const [text, value] of Object.entries(numerals)) {
    assertEquals([text, returned(`return ${text}`)], [text, [value]]);
  }
});

Deno.test("strings have the bytes that Lua gives them", () => {
  const strings: [string, string][] = [
    ["'a\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'", "a\x07\b\f\n\r\t\v\\'\""],
    ["'\\65\\065\\0651\\0'", "AAA1\0"],
    ["'\\xff\\z\\u{41}'", "xffzu{41}"],
    ["'a\\\nb\\\r\nc\\\n\rd'", "a\nb\nc\nd"],
    ["'\xff\x80\0'", "\xff\x80\0"],
    ["[[a]]", "a"],
    ["[[\na\n]]", "a\n"],
    ["[[\r\n\r\na\rb\n\rc]]", "\na\nb\nc"],
    ["[==[a]]b]=]c\\n]==]", "a]]b]=]c\\n"],
    ["[=[]]=]", "]"],
    ["[=[]==]=]", "]=="],
    ["--[[\n]] 'x'", "x"],
    ["--[==[ ]] ]=] ]==] 'x'", "x"],
    ["--[=\n'x'", "x"],
    ["--\r'x'", "x"],
  ];
  for (const [text, value] of strings) {
    assertEquals([text, returned(`return ${text}`)], [text, [value]]);
  }
});

Deno.test("arithmetic on numerals is done, but for what is no number", () => {
  assertEquals(returned("return 2^10, -2^2, 7 % -3, 2 * 3 + 1, - - 3, (1 + 1) * 2"), [
    1024,
    -4,
    -2,
    7,
    3,
    4,
  ]);
  assertEquals(returned("return 0/0, 1/0, 5 % 0, -'1', #'a', 'a'..'b'"), [
    ...["binary", "binary", "binary", "unary", "unary", "binary"],
  ]);
  assertEquals(returned("return not nil, not 1, nil or 2, 1 and 2, (1 and 2) + 1, 1 or 2"), [
    true,
    false,
    2,
    2,
    3,
    "logical",
  ]);
});

Deno.test("the zeros of a function share the sign of the first", () => {
  assertEquals(returned("return 0, -0, 1 * -0"), [0, 0, 0]);
  assertEquals(returned("return -0, 0"), [-0, -0]);
  assertEquals(returned("local f = function() return 0 end return -0"), [-0]);
});

Deno.test("chunks are called in messages as Lua calls them", () => {
  const long = "0123456789".repeat(10);
  const names: [string, number, string][] = [
    ["=user_script", SYNTAX_NAME_SIZE, "user_script"],
    ["@user_script", SYNTAX_NAME_SIZE, "user_script"],
    ["=" + long, SYNTAX_NAME_SIZE, long.slice(0, 79)],
    ["=" + long, POSITION_NAME_SIZE, long.slice(0, 59)],
    ["@" + long, SYNTAX_NAME_SIZE, "..." + long.slice(-72)],
    ["@" + long, POSITION_NAME_SIZE, "..." + long.slice(-52)],
    ["return 1", SYNTAX_NAME_SIZE, '[string "return 1"]'],
    ["return 1\nx", SYNTAX_NAME_SIZE, '[string "return 1..."]'],
    ["\r", SYNTAX_NAME_SIZE, '[string "..."]'],
    ["", SYNTAX_NAME_SIZE, '[string ""]'],
    [long, SYNTAX_NAME_SIZE, `[string "${long.slice(0, 63)}..."]`],
    [long, POSITION_NAME_SIZE, `[string "${long.slice(0, 43)}..."]`],
    ["a\0b", SYNTAX_NAME_SIZE, '[string "a"]'],
  ];
  for (const [name, size, shown] of names) assertEquals(displayName(name, size), shown);
});
