// Key specifications: commands are declared here as Redis declares its own, and what COMMAND GETKEYS
// and GETKEYSANDFLAGS find in calls of them is compared with what redis-server finds. Then what a
// walk must withstand.

import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import {
  type ArgumentDeclaration,
  Command,
  type CommandDeclaration,
  type CommandFlag,
  commandTable,
  countedKeys,
  countedPairs,
  key,
  keyAfter,
  keyByCall,
  keyFlagBits,
  keyRange,
  keysAfter,
  type KeySearch,
  type KeySpec,
  register,
  unknownKeys,
  withNotes,
} from "../../commands/registry.ts";
import { hasMovableKeys, keyRangeOf } from "../../commands/key_range.ts";
import { Arguments } from "../../protocol/arguments.ts";
import { CallKeys } from "../../server/execution/call_keys.ts";
import { keyFlagsOf } from "../../server/execution/key_spec.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

interface Form {
  arity: number;
  keys: KeySpec | readonly KeySpec[];
  keySearch?: KeySearch;
  flags?: readonly CommandFlag[];
  arguments?: readonly ArgumentDeclaration[];
}

const READ = ["RO", "access"] as const;
const STORED = ["OW", "update"] as const;
const TAKEN = ["RW", "access", "delete"] as const;
const ANY_USE = ["RW", "access", "update"] as const;

/** SORT takes the last STORE, unless the word belongs to another option. */
const sortSearch: KeySearch = (args, found) => {
  found.add(1, 1, 1, keyFlagBits(READ));
  let store = 0;
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, "LIMIT")) i += 2;
    else if (args.is(i, "GET") || args.is(i, "BY")) i++;
    else if (args.is(i, "STORE")) store = i + 1;
  }
  if (store > 0) found.add(store, store, 1, keyFlagBits(STORED));
};

/** MIGRATE has one key, or after KEYS as many as there are. */
const migrateSearch: KeySearch = (args, found) => {
  for (let i = 6; i < args.count; i++) {
    if (args.is(i, "AUTH")) i++;
    else if (args.is(i, "AUTH2")) i += 2;
    else if (args.is(i, "KEYS")) {
      if (args.length(3) === 0) found.add(i + 1, args.count - 1, 1, keyFlagBits(TAKEN));
      return;
    }
  }
  found.add(3, 3, 1, keyFlagBits(TAKEN));
};

const READ_BITS = keyFlagBits(READ);
const ANY_USE_BITS = keyFlagBits(ANY_USE);

function bitFieldFlags(args: Arguments): number {
  return args.count < 4 || args.is(args.count - 3, "GET") ? READ_BITS : ANY_USE_BITS;
}

/** Commands of Redis as it declares them; each is registered as `test.NAME`. */
const FORMS: Readonly<Record<string, Form>> = {
  zunionstore: { arity: -4, keys: [key(1, ...STORED), countedKeys(2, ...READ)] },
  zinter: { arity: -3, keys: countedKeys(1, ...READ) },
  lmpop: { arity: -4, keys: countedKeys(1, ...TAKEN) },
  blmpop: { arity: -5, keys: countedKeys(2, ...TAKEN) },
  eval: { arity: -3, keys: countedKeys(2, ...ANY_USE), flags: ["no_mandatory_keys"] },
  xread: { arity: -4, keys: keysAfter("STREAMS", { half: true }, ...READ) },
  xreadgroup: { arity: -7, keys: keysAfter("STREAMS", { from: 4, half: true }, ...READ) },
  sort: {
    arity: -2,
    arguments: [
      { name: "key", type: "key" },
      { name: "by-pattern", type: "pattern", token: "BY", optional: true, keySpec: 1 },
      { name: "destination", type: "key", token: "STORE", optional: true, keySpec: 2 },
    ],
    keys: [key(1, ...READ), unknownKeys(...READ), unknownKeys(...STORED)],
    keySearch: sortSearch,
  },
  migrate: {
    arity: -6,
    keys: [key(3, ...TAKEN), keysAfter("KEYS", { from: -2 }, ...TAKEN, "incomplete")],
    keySearch: migrateSearch,
  },
  georadius: {
    arity: -6,
    keys: [key(1, ...READ), keyAfter("STORE", 6, ...STORED), keyAfter("STOREDIST", 6, ...STORED)],
  },
  bitfield: {
    arity: -2,
    keys: withNotes(
      keyByCall(1, ANY_USE, bitFieldFlags),
      "Only what sets or increments writes.",
    ),
  },
  bitop: { arity: -4, keys: [key(2, ...STORED), keyRange(3, -1, 1, ...READ)] },
  copy: { arity: -3, keys: [key(1, ...READ), key(2, ...STORED)] },
  blpop: { arity: -3, keys: keyRange(1, -2, 1, ...TAKEN) },
  spublish: { arity: 3, keys: key(1, "not_key") },
};

function declared(name: string, form: Form): CommandDeclaration {
  return {
    complexity: "O(1)",
    group: "generic",
    since: "1.0.0",
    summary: "As Redis declares its own.",
    flags: [],
    run: ({ reply }) => reply.ok(),
    ...form,
    name: `test.${name}`,
  };
}

for (const [name, form] of Object.entries(FORMS)) register(declared(name, form));

const CALLS = `
  zunionstore d 2 a b
  zunionstore d 2 a b WEIGHTS 1 2
  zunionstore d 1 a b
  zunionstore d 3 a b
  zunionstore d 0 a b
  zunionstore d -1 a b
  zunionstore d 1000000000 a b
  zunionstore d 9223372036854775807 a b
  zunionstore d -9223372036854775808 a b
  zunionstore d x a b
  zunionstore d 99999999999999999999 a b
  zunionstore d 2
  zinter 1 a
  zinter 2 a
  lmpop 2 a b LEFT
  lmpop 2 a b LEFT COUNT 3
  lmpop 9 a b LEFT
  blmpop 0.5 2 a b LEFT
  eval s 1 k x
  eval s 2 k l x
  xread STREAMS a 0
  xread COUNT 2 STREAMS a b 0 0
  xread COUNT 2 BLOCK 0 streams a b c 0 0 0
  xread STREAMS a b 0
  xread COUNT 1 STREAMS
  xread COUNT 1 NOSUCH
  xread x y z
  xreadgroup GROUP streams c STREAMS a b > >
  xreadgroup GROUP g c COUNT 1 STREAMS a >
  xreadgroup GROUP g c COUNT 1 x y
  sort a
  sort a STORE b
  sort a store b LIMIT 0 1 STORE c
  sort a BY STORE GET STORE
  sort a STORE
  sort a LIMIT 0 STORE x STORE y
  migrate h 1 k 0 10
  migrate h 1 k 0 10 COPY REPLACE
  migrate h 1 "" 0 10 KEYS a b c
  migrate h 1 "" 0 10 AUTH KEYS KEYS a
  migrate h 1 "" 0 10 AUTH2 KEYS KEYS KEYS a b
  migrate h 1 k 0 10 KEYS a b
  georadius k 1 2 3 m
  georadius k 1 2 3 m STORE d
  georadius k 1 2 3 m WITHDIST STOREDIST d
  georadius k 1 2 3 m STORE d STOREDIST e
  georadius k 1 2 3 m STORE
  bitfield k GET u8 0
  bitfield k SET u8 0 1
  bitfield k
  bitop AND d a b
  bitop AND d a
  copy a b
  copy a b DB 1
  blpop a 0
  blpop a b c 0
  spublish c m
  spublish c
`;

Deno.test({
  name: "keys of calls are those that redis-server finds, with the same flags",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const different: string[] = [];
    for (const line of CALLS.trim().split("\n")) {
      const [name, ...args] = line.trim().split(" ").map((word) => word === '""' ? "" : word);
      for (const subcommand of ["GETKEYS", "GETKEYSANDFLAGS"]) {
        const expected = await theirs.ask("COMMAND", subcommand, name, ...args);
        const actual = await ours.ask("COMMAND", subcommand, `test.${name}`, ...args);
        if (actual !== expected) different.push(`${subcommand} ${line}\n${expected}${actual}`);
      }
    }
    assertEquals(different.join("\n"), "");
  },
});

Deno.test({
  name: "COMMAND INFO of these declarations is redis-server's: specifications, range, movablekeys",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const notes = /\$5\r\nnotes\r\n\$\d+\r\n[^\r]*\r\n/g;
    /** First, last and step, and all from the specifications on. */
    const aboutKeys = (reply: string) => {
      const [, range] = /\r\n(:-?\d+\r\n:-?\d+\r\n:-?\d+\r\n)[*~]/.exec(reply)!;
      const specs = reply.indexOf("+flags");
      return [reply.includes("+movablekeys"), range, reply.slice(specs).replace(notes, "")];
    };
    for (const name of Object.keys(FORMS)) {
      const expected = aboutKeys((await theirs.ask("COMMAND", "INFO", name)).replace(notes, ""));
      const actual = aboutKeys(await ours.ask("COMMAND", "INFO", `test.${name}`));
      assertEquals(actual, expected, name);
    }
  },
});

Deno.test("the one range that old clients route by spans specifications without a gap", () => {
  const cases: [keys: KeySpec[], range: number[], isMovable: boolean][] = [
    [[], [0, 0, 0], false],
    [[keyRange(2, -2, 3, "RO")], [2, -2, 3], false],
    [[keyRange(1, 2, 1, "RO"), key(3, "OW")], [1, 3, 1], false],
    [[key(1, "OW"), keyRange(2, -1, 1, "RO")], [1, -1, 1], false],
    [[key(1, "RO"), key(3, "OW")], [1, 1, 1], true],
    [[key(1, "RO"), keyRange(2, -1, 2, "OW")], [1, 1, 1], true],
    [[keyRange(1, -1, 1, "RO"), key(2, "OW")], [1, -1, 1], true],
    [[key(1, "RO", "incomplete")], [1, 1, 1], true],
    [[countedKeys(1, "RO")], [0, 0, 0], true],
    [[unknownKeys("RO"), key(2, "OW")], [2, 2, 1], true],
  ];
  for (const [keys, range, isMovable] of cases) {
    const { first, last, step } = keyRangeOf(keys);
    assertEquals([first, last, step], range);
    assertEquals(hasMovableKeys(keys), isMovable, range.join(" "));
  }
});

Deno.test("where keys are looked for ahead of a call: in that range, or behind their number", () => {
  const cases: [keys: KeySpec[], range: number[]][] = [
    [[], [0, 0, 0]],
    [[keyRange(1, 2, 1, "RO"), key(3, "OW")], [1, 3, 1]],
    [[countedKeys(2, "RO")], [3, -1, 1]],
    [[countedPairs(1, "OW")], [2, -1, 2]],
    [[key(1, "OW"), countedKeys(2, "RO")], [1, 1, 1]],
    [[unknownKeys("RO")], [0, 0, 0]],
  ];
  for (const [keys, range] of cases) {
    const command = new Command(declared("range", { arity: -2, keys }), undefined);
    assertEquals([command.firstKey, command.lastKey, command.keyStep], range);
  }
});

Deno.test("calls that only Redis 7.2 answers, and numbers that are none", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const getKeys = (line: string) => peer.ask("COMMAND", "GETKEYS", ...line.split(" "));
  const bad = "-ERR Invalid arguments specified for command\r\n";
  for (const count of ["0", "-1", "3", "1000000000", "2x", "1.5", "", " 1", "9".repeat(30)]) {
    // A script may do without keys, so for EVAL the same is no error.
    assertEquals(await peer.ask("COMMAND", "GETKEYS", "test.eval", "s", count, "k", "x"), "*0\r\n");
    assertEquals(await peer.ask("COMMAND", "GETKEYS", "test.zinter", count, "k", "x"), bad);
  }
  assertEquals(await getKeys("test.eval s 0"), "*0\r\n");
  assertEquals(await getKeys("test.spublish c m"), "-ERR The command has no key arguments\r\n");
  for (
    const [line, error] of [
      ["foo", "Invalid command specified"],
      ["get", "Invalid number of arguments specified for command"],
      ["get a b", "Invalid number of arguments specified for command"],
      ["ping", "The command has no key arguments"],
      ["config", "The command has no key arguments"],
      ["config get", "The command has no key arguments"],
      ["config nosuch", "Invalid command specified"],
      ["object", "The command has no key arguments"],
      ["object encoding", "Invalid number of arguments specified for command"],
      ["object|encoding k", "Invalid command specified"],
      ["test.bitfield", "Invalid number of arguments specified for command"],
    ]
  ) assertEquals(await getKeys(line), `-ERR ${error}\r\n`, line);
  assertEquals(await getKeys("object encoding k"), "*1\r\n$1\r\nk\r\n");
  assertEquals(
    await peer.ask("COMMAND", "GETKEYS"),
    "-ERR wrong number of arguments for 'command|getkeys' command\r\n",
  );
});

Deno.test("COMMAND DOCS tells which specification an argument belongs to", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const docs = await peer.ask("COMMAND", "DOCS", "test.sort");
  const indexes = Array.from(docs.matchAll(/key_spec_index\r\n:(\d)/g), ([, index]) => index);
  assertEquals(indexes, ["0", "1", "2"]);
});

/** Arguments of a call, as a decoder would have left them. */
function argumentsOf(words: readonly string[]): Arguments {
  const args = new Arguments();
  args.bytes = new TextEncoder().encode(words.join(""));
  args.lengths = Int32Array.from(words, (word) => word.length);
  args.offsets = args.lengths.map((_, i) => words.slice(0, i).join("").length);
  args.count = words.length;
  return args;
}

function found(keys: CallKeys): [index: number, flags: string][] {
  const all: [number, string][] = [];
  while (keys.next()) all.push([keys.index, keyFlagsOf(keys.flags).join(" ")]);
  return all;
}

Deno.test("a walk may ask for what only looks like a key, and starts anew for every call", () => {
  const keys = new CallKeys();
  const publish = new Command(declared("publish", FORMS.spublish), undefined);
  const store = new Command(declared("store", FORMS.zunionstore), undefined);
  const message = argumentsOf(["spublish", "c", "m"]);
  const union = argumentsOf(["zunionstore", "d", "2", "a", "b"]);
  for (let round = 0; round < 2; round++) {
    assertEquals(keys.find(publish, message), false);
    assertEquals(found(keys), []);
    assertEquals(keys.find(publish, message, true), true);
    assertEquals(found(keys), [[1, "not_key"]]);
    keys.find(store, union);
    assertEquals([keys.total, keys.next(), keys.index], [3, true, 1], "left half way");
    keys.find(store, union);
    assertEquals(found(keys), [[1, "OW update"], [3, "RO access"], [4, "RO access"]]);
  }
});

Deno.test("a search of a command's own adds no keys from outside of the call", () => {
  const keys = new CallKeys();
  const args = argumentsOf(["x", "a", "b"]);
  const keySearch: KeySearch = (_, sink) => {
    for (const [first, last] of [[0, 1], [-1, 1], [1, 3], [2, 1], [1, 2 ** 31]]) {
      sink.add(first, last, 1, 1);
    }
    for (let i = 0; i < 1000; i++) sink.add(1, 1, 1, 1);
  };
  const form = { arity: -1, keys: unknownKeys("RO"), keySearch };
  assertEquals(keys.find(new Command(declared("own", form), undefined), args), true);
  assertEquals(found(keys).every(([index]) => index === 1), true);
});

const WORDS = ["a", "STREAMS", "streams", "0", "1", "2", "3", "-1", "x", "1000000000"];
const anySpec: fc.Arbitrary<KeySpec> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -3, max: 6 }), fc.nat(2))
    .map(([first, last, step]) => keyRange(first, last, step + 1, "RW")),
  fc.integer({ min: 1, max: 5 }).map((at) => countedKeys(at, "RO")),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.boolean())
    .map(([from, half, backwards]) =>
      keysAfter("STREAMS", { from: backwards ? -from : from, half }, "OW")
    ),
  fc.integer({ min: 1, max: 4 }).map((from) => keyAfter("STREAMS", from, "RM")),
  fc.constant(unknownKeys("RO")),
);

/** What the language says, written again without a thought of cost; undefined for nonsense. */
function modelOf({ begin, find, flags }: KeySpec, words: string[]): [number, string][] | undefined {
  if (begin.type === "unknown" || find.type === "unknown") return undefined;
  let first = begin.type === "index" ? begin.index : 0;
  if (begin.type === "keyword") {
    const from = begin.startFrom;
    const places = words.map((_, i) => i).slice(1);
    const inOrder = from > 0
      ? places.filter((i) => i >= from && i < words.length - 1)
      : places.filter((i) => i > 1 && i <= words.length + from).reverse();
    const at = inOrder.find((i) => words[i].toUpperCase() === begin.keyword);
    if (at === undefined) return [];
    first = at + 1;
  }
  const indexes: number[] = [];
  if (find.type === "keynum") {
    const text = words[first] ?? "";
    if (!/^[1-9]\d{0,5}$/.test(text)) return undefined;
    for (let i = 0; i < Number(text); i++) indexes.push(first + 1 + i);
  } else {
    const rest = words.length - first;
    const last = find.lastKey >= 0
      ? first + find.lastKey
      : find.limit === 0
      ? words.length + find.lastKey
      : first + Math.trunc(rest / find.limit) - 1;
    if (last >= words.length) return undefined;
    for (let i = first; i <= last; i += find.step) indexes.push(i);
  }
  if (indexes.length === 0 || indexes.some((i) => i >= words.length)) return undefined;
  return indexes.map((i) => [i, keyFlagsOf(flags).join(" ")]);
}

Deno.test("any specification over any call finds what the language says, and nothing outside", () => {
  const keys = new CallKeys();
  const anyCall = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 });
  const specs = fc.array(anySpec, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(specs, anyCall, (list, rest) => {
      const words = ["name", ...rest];
      const command = { keySpecs: list, keySearch: undefined };
      const expected = list.map((spec) => modelOf(spec, words));
      const isNonsense = expected.includes(undefined);
      const all = isNonsense ? [] : expected.flatMap((part) => part ?? []);
      assertEquals(keys.find(command, argumentsOf(words)), all.length > 0);
      assertEquals(keys.total, all.length);
      assertEquals(found(keys), all);
    }),
    { seed: 7, numRuns: 3000 },
  );
});

Deno.test("a declaration that cannot be is refused, in words that say what is wrong with it", () => {
  const good = declared("refused", { arity: -2, keys: key(1, "RO") });
  const refusals: [change: Record<string, unknown>, reason: string][] = [
    [{ name: "test.zinter" }, "registered already"],
    [{ name: "Upper" }, "lower-case word"],
    [{ name: undefined }, "lower-case word"],
    [{ arity: 0 }, "has arity 0"],
    [{ arity: 1.5 }, "has arity 1.5"],
    [{ arity: undefined }, "has arity undefined"],
    [{ group: "sorted_set" }, "unknown group 'sorted_set'"],
    [{ flags: ["read-only"] }, "unknown flag 'read-only'"],
    [{ flags: ["movablekeys"] }, "unknown flag 'movablekeys'"],
    [{ flags: ["write", "readonly"] }, "both 'write' and 'readonly'"],
    [{ flags: undefined }, "no list of flags"],
    [{ categories: ["@read"] }, "unknown category '@read'"],
    [{ run: undefined }, "neither run nor subcommands"],
    [{ run: undefined, subcommands: [] }, "neither run nor subcommands"],
    [{ keys: { first: 1, last: 1, step: 1 } }, "no key specifications"],
    [{ keys: key(0, "RO") }, "index is below 1"],
    [{ arity: 2, keys: key(2, "RO") }, "index is beyond its arity"],
    [{ keys: key(1, "XX" as "RO") }, "flags are unknown"],
    [{ keys: keyRange(1, -1, 0, "RO") }, "step is below 1"],
    [{ keys: keyRange(1, NaN, 1, "RO") }, "lastKey is no integer"],
    [{ keys: keyAfter("store", 1, "RO") }, "keyword is no upper-case word"],
    [{ keys: keyAfter("STORE", 0, "RO") }, "startFrom is 0"],
    [{ keys: Array(17).fill(key(1, "RO")) }, "more than 16 key specifications"],
    [{ keys: undefined, arguments: [{ name: "k", type: "key" }] }, "a key argument 'k'"],
    [{ arguments: [{ name: "p", type: "pattern", keySpec: 1 }] }, "an argument 'p'"],
    [{ keySearch: 1 }, "keySearch that is no function"],
    [{ run: undefined, subcommands: [{ ...good, arity: -1 }] }, "counts the names"],
    [{ run: undefined, subcommands: [good, good] }, "'test.refused' twice"],
  ];
  const before = [...commandTable.all()].length;
  for (const [change, reason] of refusals) {
    const bad = { ...good, ...change } as CommandDeclaration;
    const { message } = assertThrows(() => register(bad), Error);
    assertEquals(message.includes(reason) && message.startsWith("command '"), true, message);
  }
  assertEquals([...commandTable.all()].length, before, "nothing was registered");
});
