// Libraries of functions without an engine: their first line, their names, what they register, and
// their dumps, with a loader that makes functions of the words in the text.

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { builtin } from "../../lua/runtime/builtin.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { type LuaValue, NOTHING } from "../../lua/runtime/value.ts";
import { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import { Functions } from "../../server/scripting/functions/functions.ts";
import type { Registration } from "../../server/scripting/functions/library.ts";
import { readLibraryHeader } from "../../server/scripting/functions/library_header.ts";
import { Registrations } from "../../server/scripting/functions/registration.ts";
import { ScriptFlag } from "../../server/scripting/script_flags.ts";
import { bytesOfByteString } from "../../structures/bytes/byte_string.ts";
import { Crc64 } from "../../structures/crc64.ts";

const code = builtin(() => NOTHING);

/** Each word of the text is the name of a function; `fail` is none. */
const byWords = {
  load(lua: string): Registration[] {
    const words = lua.split(/\s+/).filter((word) => word !== "");
    if (words.includes("fail")) throw new ErrorReply("ERR it fails");
    return words.map((name) => ({ name, description: undefined, flags: 0, code }));
  },
};

function library(name: string, ...functions: string[]): string {
  return `#!lua name=${name}\n${functions.join(" ")}`;
}

function find(functions: Functions, name: string) {
  const args = new Arguments();
  args.bytes = bytesOfByteString(`..${name}`);
  args.offsets = Int32Array.of(2);
  args.lengths = Int32Array.of(name.length);
  args.count = 1;
  return functions.find(args, 0);
}

function namesIn(functions: Functions): string[] {
  return [...functions.libraries].map(({ name, functions }) =>
    `${name}: ${functions.map((each) => each.name).join(" ")}`
  ).sort();
}

function dumpOf(functions: Functions, compresses = true): Uint8Array {
  const { bytes, start, length } = functions.dump(compresses);
  const dump = bytes.slice(start, start + length);
  functions.releaseDump();
  return dump;
}

Deno.test("the first line: each way to be wrong, as redis-server words it", () => {
  const problems: Readonly<Record<string, string>> = {
    "": "ERR Missing library metadata",
    "x": "ERR Missing library metadata",
    "# !lua name=a\n": "ERR Missing library metadata",
    "#!lua name=a": "ERR Invalid library metadata",
    "#!\0lua name=a\n": "ERR Invalid library metadata",
    "#!lua name=a\0\n": "ERR Invalid library metadata",
    "#!lua 'name=a\n": "ERR Invalid library metadata",
    "#!lua 'name=a'b\n": "ERR Invalid library metadata",
    "#!\n": "ERR Library name was not given",
    "#!lua\n": "ERR Library name was not given",
    "#!lua name=a name=a\n": "ERR Invalid metadata value, name argument was given multiple times",
    "#!lua name=a b=c\n": "ERR Invalid metadata value given: b=c",
    "#! lua name=a\n": "ERR Invalid metadata value given: lua",
    "#!lua name=a-b\n":
      "ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long",
    "#!lua name=\n":
      "ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long",
    "#!lua name=\xe9\n":
      "ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long",
    "#!js name=a\n": "ERR Engine 'js' not found",
    // The name is looked at before the engine.
    "#!js name=-\n":
      "ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long",
  };
  for (const [text, problem] of Object.entries(problems)) {
    assertThrows(() => readLibraryHeader(text), ErrorReply, problem);
  }
});

Deno.test("the first line: case, quotes, and where the Lua begins", () => {
  const name = (text: string) => readLibraryHeader(text).name;
  assertEquals(name("#!lua name=a\n"), "a");
  assertEquals(name("#!LUA NAME=A_1\n"), "A_1");
  assertEquals(name('#!lua "name=a"\n'), "a");
  assertEquals(name("#!lua 'name=a'\n"), "a");
  assertEquals(name('#!lua name="\\x61"\n'), "a");
  assertEquals(name("#!lua \t name=a \r\nreturn '\0'"), "a");
  const text = "#!lua name=a\nx";
  assertEquals(text.slice(readLibraryHeader(text).end), "\nx");
});

Deno.test("names: a library is another in another case, a function is not", () => {
  const functions = new Functions(byWords);
  assertEquals(functions.load(library("a", "f", "Gee"), false), "a");
  assertThrows(
    () => functions.load(library("a", "h"), false),
    ErrorReply,
    "ERR Library 'a' already exists",
  );
  assertThrows(
    () => functions.load(library("A", "F"), false),
    ErrorReply,
    "ERR Function F already exists",
  );
  functions.load(library("A", "h"), false);
  assertEquals(find(functions, "GEE")?.name, "Gee");
  assertEquals(find(functions, "gee")?.name, "Gee");
  assertEquals(find(functions, "Gee")?.name, "Gee");
  assertEquals(find(functions, "gee "), undefined);
  assertEquals(functions.delete("b"), false);
  assertEquals(functions.delete("a"), true);
  assertEquals(find(functions, "gee"), undefined);
  assertEquals(namesIn(functions), ["A: h"]);
});

Deno.test("names: bytes that are no letters have no other case", () => {
  const functions = new Functions(byWords);
  functions.load(library("a", "f_1", "P", "Z9"), false);
  for (const name of ["F_1", "f_1", "p", "P", "z9", "Z9"]) {
    assertEquals(find(functions, name)?.name.toLowerCase(), name.toLowerCase());
  }
  for (const name of ["f\x7f1", "f_\x11", "\x50\0", "\x10", "z\x19", "", "f_", "f_11", "\xd0"]) {
    assertEquals(find(functions, name), undefined, JSON.stringify(name));
  }
});

Deno.test("a thousand functions are found, each by its name", () => {
  const functions = new Functions(byWords);
  const names = Array.from({ length: 1000 }, (_, i) => `Function_${i}`);
  functions.load(library("many", ...names), false);
  for (const name of names) assertEquals(find(functions, name.toUpperCase())?.name, name);
  assertEquals(find(functions, "function_1000"), undefined);
});

Deno.test("a library takes the place of another as a whole, or not at all", () => {
  const functions = new Functions(byWords);
  functions.load(library("a", "f", "g"), false);
  functions.load(library("b", "h"), false);
  const before = find(functions, "f");
  for (
    const [text, problem] of [
      [library("a", "f", "fail"), "ERR it fails"],
      [library("a"), "ERR No functions registered"],
      [library("a", "new", "H"), "ERR Function H already exists"],
    ]
  ) {
    assertThrows(() => functions.load(text, true), ErrorReply, problem);
    assertEquals(namesIn(functions), ["a: f g", "b: h"]);
    assertEquals(find(functions, "f"), before);
    assertEquals(find(functions, "new"), undefined);
  }
  functions.load(library("a", "g", "i"), true);
  assertEquals(namesIn(functions), ["a: g i", "b: h"]);
  assertEquals(find(functions, "f"), undefined);
});

Deno.test("redis.register_function: what is wrong with its arguments", () => {
  const named = (fields: Readonly<Record<string, LuaValue>>) => {
    const table = new LuaTable();
    for (const [key, value] of Object.entries(fields)) table.set(key, value);
    return [table];
  };
  const flags = (...values: LuaValue[]) =>
    named({ function_name: "f", callback: code, flags: new LuaTable(values) });
  const odd = new LuaTable();
  odd.set(true, 1);
  const wrongName =
    "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long";
  const cases: readonly (readonly [args: readonly LuaValue[], problem: string])[] = [
    [[], "wrong number of arguments to redis.register_function"],
    [["f", code, 1], "wrong number of arguments to redis.register_function"],
    [
      ["f"],
      "calling redis.register_function with a single argument is only applicable to Lua table",
    ],
    [[{} as never, code], "first argument to redis.register_function must be a string"],
    [[undefined, code], "first argument to redis.register_function must be a string"],
    [["f", "g"], "second argument to redis.register_function must be a function"],
    [["f", undefined], "second argument to redis.register_function must be a function"],
    [["a-b", code], wrongName],
    [["", code], wrongName],
    [["f\0", code], wrongName],
    [named({}), "redis.register_function must get a function name argument"],
    [named({ callback: code }), "redis.register_function must get a function name argument"],
    [named({ function_name: "f" }), "redis.register_function must get a callback argument"],
    [
      named({ function_name: true }),
      "function_name argument given to redis.register_function must be a string",
    ],
    [
      named({ description: new LuaTable() }),
      "description argument given to redis.register_function must be a string",
    ],
    [
      named({ callback: "f" }),
      "callback argument given to redis.register_function must be a function",
    ],
    [
      named({ flags: "no-writes" }),
      "flags argument to redis.register_function must be a table representing function flags",
    ],
    [named({ colour: 1 }), "unknown argument given to redis.register_function"],
    [[odd], "named argument key given to redis.register_function is not a string"],
    [flags("no-reads"), "unknown flag given"],
    [flags(true), "unknown flag given"],
    [flags("no-writes", 1), "unknown flag given"],
  ];
  for (const [args, problem] of cases) {
    const registrations = new Registrations();
    assertThrows(() => registrations.add(args), Error, problem);
    assertEquals(registrations.all, []);
  }
});

Deno.test("redis.register_function: both forms, numbers as strings, flags in any case", () => {
  const registrations = new Registrations();
  registrations.add(["f", code]);
  registrations.add([5, code]);
  const table = new LuaTable();
  table.set("FUNCTION_NAME", "g");
  table.set("Callback", code);
  table.set("description", "d\0e");
  table.set("flags", new LuaTable(["NO-writes", "allow-oom", "no-writes", undefined, "nonsense"]));
  registrations.add([table]);
  assertEquals(registrations.all, [
    { name: "f", description: undefined, flags: 0, code },
    { name: "5", description: undefined, flags: 0, code },
    { name: "g", description: "d\0e", flags: ScriptFlag.NoWrites | ScriptFlag.AllowOom, code },
  ]);
  for (const name of ["f", "F"]) {
    assertThrows(
      () => registrations.add([name, code]),
      Error,
      "Function already exists in the library",
    );
  }
});

Deno.test("dumps: what is written is read, compressed or not, and nothing is a dump too", () => {
  for (const compresses of [true, false]) {
    const from = new Functions(byWords);
    const empty = dumpOf(from, compresses);
    from.load(library("a", "f"), false);
    from.load(library("binary", "f\xff", "g\x01"), false);
    from.load(library("long", ...Array.from({ length: 100 }, (_, i) => `g${i}`)), false);
    const dump = dumpOf(from, compresses);
    const to = new Functions(byWords);
    to.restore(empty, 0, empty.length, "append");
    assertEquals(namesIn(to), []);
    // Within other bytes.
    const shifted = new Uint8Array(dump.length + 9).fill(7);
    shifted.set(dump, 5);
    to.restore(shifted, 5, dump.length, "append");
    assertEquals(namesIn(to), namesIn(from));
    assertEquals(dumpOf(to, compresses), dump);
    to.restore(empty, 0, empty.length, "flush");
    assertEquals(namesIn(to), []);
  }
});

Deno.test("restoring: what happens to what is there", () => {
  const from = new Functions(byWords);
  from.load(library("a", "f"), false);
  from.load(library("c", "h"), false);
  const dump = dumpOf(from);
  const restored = (there: readonly string[], policy: "append" | "replace" | "flush") => {
    const to = new Functions(byWords);
    for (const text of there) to.load(text, false);
    try {
      to.restore(dump, 0, dump.length, policy);
    } catch (error) {
      if (!(error instanceof ErrorReply)) throw error;
      assertEquals([...to.libraries].map((each) => each.code), there);
      return error.message;
    }
    return namesIn(to).join(", ");
  };
  const other = library("b", "g");
  assertEquals(restored([other], "append"), "a: f, b: g, c: h");
  assertEquals(restored([other], "replace"), "a: f, b: g, c: h");
  assertEquals(restored([other], "flush"), "a: f, c: h");
  const same = library("a", "old");
  assertEquals(restored([same, other], "append"), "ERR Library a already exists");
  assertEquals(restored([same, other], "replace"), "a: f, b: g, c: h");
  assertEquals(restored([same, other], "flush"), "a: f, c: h");
  const taken = library("b", "F");
  assertEquals(restored([taken], "append"), "ERR Function f already exists");
  assertEquals(restored([same, taken], "replace"), "ERR Function f already exists");
  assertEquals(restored([same, taken], "flush"), "a: f, c: h");
  // The functions of a library that goes are no hindrance.
  assertEquals(restored([library("c", "f")], "replace"), "a: f, c: h");
});

/** A dump of anything, with a footer that is right. */
function sealed(contents: readonly number[], version = 11): Uint8Array {
  const bytes = new Uint8Array([
    ...contents,
    version & 0xff,
    version >> 8,
    ...new Array(8).fill(0),
  ]);
  const crc = new Crc64();
  crc.add(bytes, 0, bytes.length - 8);
  const view = new DataView(bytes.buffer);
  view.setInt32(bytes.length - 8, crc.low, true);
  view.setInt32(bytes.length - 4, crc.high, true);
  return bytes;
}

const LIBRARY = 245;
const bytesOf = (text: string) => [LIBRARY, text.length, ...bytesOfByteString(text)];

Deno.test("restoring: bytes that are no dump, each with its error, and nothing changes", () => {
  const good = bytesOf(library("b", "g"));
  const footer = "ERR DUMP payload version or checksum are wrong";
  const cut = "ERR Failed loading library payload";
  const cases: readonly (readonly [bytes: Uint8Array, problem: string])[] = [
    [new Uint8Array(0), footer],
    [new Uint8Array(9), footer],
    [sealed(good, 13), footer],
    [sealed(good).fill(0, 3, 4), footer],
    [sealed([246, 0]), "ERR Pre-GA function format not supported"],
    [sealed([0, 1, 1]), "ERR given type is not a function"],
    [sealed([...good, 0]), "ERR given type is not a function"],
    [sealed([LIBRARY]), cut],
    [sealed([...good, LIBRARY, 5, 1]), cut],
    [sealed([LIBRARY, 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), cut],
    [sealed([LIBRARY, 0xc3, 1, 63, 0]), cut],
    [sealed([LIBRARY, 0xc0, 5]), "ERR Missing library metadata"],
    [sealed([...good, ...good]), "ERR Library 'b' already exists"],
    [sealed([...good, ...bytesOf(library("c", "G"))]), "ERR Function G already exists"],
    [sealed([...good, ...bytesOf(library("c", "fail"))]), "ERR it fails"],
  ];
  for (const [bytes, problem] of cases) {
    for (const policy of ["append", "replace", "flush"] as const) {
      const functions = new Functions(byWords);
      functions.load(library("a", "f"), false);
      assertThrows(
        () => functions.restore(bytes, 0, bytes.length, policy),
        ErrorReply,
        problem,
      );
      assertEquals(namesIn(functions), ["a: f"]);
    }
  }
});

Deno.test("restoring: whatever bytes come, there is an error or there are libraries", () => {
  const start = bytesOf(library("b", "g"));
  fc.assert(fc.property(
    fc.array(fc.oneof(fc.constantFrom(LIBRARY, 0xc3, 0x81, 2, 10), fc.nat(255)), { maxLength: 60 }),
    fc.nat(start.length),
    (random, kept) => {
      const functions = new Functions(byWords);
      const bytes = sealed([...start.slice(0, kept), ...random]);
      try {
        functions.restore(bytes, 0, bytes.length, "append");
      } catch (error) {
        if (!(error instanceof ErrorReply)) throw error;
        assertEquals(namesIn(functions), []);
      }
    },
  ));
});

Deno.test("registries of random libraries agree with a list of them", () => {
  const name = fc.constantFrom("a", "b", "c");
  const words = fc.uniqueArray(fc.constantFrom("f", "F", "g", "h", "i"), {
    maxLength: 3,
    selector: (word) => word.toLowerCase(),
  });
  const step = fc.oneof(
    fc.record({ kind: fc.constant("load" as const), name, words, replaces: fc.boolean() }),
    fc.record({ kind: fc.constant("delete" as const), name }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const functions = new Functions(byWords);
    const model = new Map<string, string[]>();
    for (const each of steps) {
      if (each.kind === "delete") {
        assertEquals(functions.delete(each.name), model.delete(each.name));
        continue;
      }
      const others = [...model].filter(([other]) => other !== each.name).flatMap(([, names]) =>
        names
      )
        .map((word) => word.toLowerCase());
      const isRefused = each.words.length === 0 || model.has(each.name) && !each.replaces ||
        each.words.some((word) => others.includes(word.toLowerCase()));
      let wasRefused = false;
      try {
        functions.load(library(each.name, ...each.words), each.replaces);
      } catch (error) {
        wasRefused = error instanceof ErrorReply;
      }
      assertEquals(wasRefused, isRefused);
      if (!isRefused) model.set(each.name, each.words);
      assertEquals(
        namesIn(functions),
        [...model].map(([name, names]) => `${name}: ${names.join(" ")}`).sort(),
      );
      for (const word of ["f", "g", "h", "i"]) {
        const found = [...model.values()].flat().find((other) => other.toLowerCase() === word);
        assertEquals(find(functions, word)?.name, found);
        assertEquals(find(functions, word.toUpperCase())?.name, found);
      }
      assertEquals(functions.libraries.functions.count, [...model.values()].flat().length);
    }
  }));
});
