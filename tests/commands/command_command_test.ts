// COMMAND: what the registry says of each command, against what redis-server says of it, and the
// replies' shapes in RESP2 and RESP3.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { ReplyMap, ReplySet, type ReplyValue } from "../../protocol/reply_value.ts";
import { allCommandsAndSubcommands, commandByName, commandCount } from "../../commands/registry.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const SCRIPT = `
  COMMAND NOSUCH
  COMMAND COUNT x
  COMMAND INFO get
  COMMAND INFO GET nosuch Rename CONFIG|GET get|x config|get|x mset flushall "\\xff"
  COMMAND INFO object|encoding memory|usage client|kill command|docs time
  COMMAND DOCS nosuch
  COMMAND GETKEYS
  COMMAND GETKEYS get => -ERR Invalid number of arguments specified for command
  COMMAND GETKEYS foo => -ERR Invalid command specified
  COMMAND GETKEYS ping => -ERR The command has no key arguments
  COMMAND GETKEYS get k
  COMMAND GETKEYS GET k
  COMMAND GETKEYS get k x
  COMMAND GETKEYS ping x
  COMMAND GETKEYS nosuch x
  COMMAND GETKEYS mset a 1 b 2
  COMMAND GETKEYS mset a 1 b
  COMMAND GETKEYS mget a b c
  COMMAND GETKEYS del "" "\\x00"
  COMMAND GETKEYS rename a b
  COMMAND GETKEYS zadd z 1 a
  COMMAND GETKEYS object encoding k
  COMMAND GETKEYS object nosuch k
  COMMAND GETKEYS memory usage k SAMPLES 3
  COMMAND GETKEYS config get k
  COMMAND GETKEYS config|get k
  COMMAND GETKEYS set k v
  COMMAND GETKEYSANDFLAGS
  COMMAND GETKEYSANDFLAGS ping x
  COMMAND GETKEYSANDFLAGS nosuch x
  COMMAND GETKEYSANDFLAGS rename a b
  COMMAND GETKEYSANDFLAGS mset a 1 b 2
  COMMAND GETKEYSANDFLAGS set k v
  COMMAND GETKEYSANDFLAGS set k GET
  COMMAND GETKEYSANDFLAGS set k v EX 1 get
  COMMAND GETKEYSANDFLAGS get k
  COMMAND GETKEYSANDFLAGS zadd z 1 a
  COMMAND LIST x
  COMMAND LIST FILTERBY
  COMMAND LIST FILTERBY NOSUCH x
  COMMAND LIST FILTERBY MODULE x
  COMMAND LIST FILTERBY ACLCAT nosuch
  COMMAND LIST FILTERBY PATTERN nosuch*
  COMMAND LIST FILTERBY PATTERN PIN?
  COMMAND LIST FILTERBY PATTERN "expiret[i]me"
  COMMAND LIST FILTERBY PATTERN "[\\\\S]et"
  COMMAND LIST FILTERBY PATTERN "[\\\\s]eT"
  COMMAND LIST FILTERBY PATTERN "\\\\G[E]t"
  COMMAND LIST FILTERBY PATTERN "[F-H]e[\\xff-Z]"
  COMMAND LIST FILTERBY PATTERN "[Z-a]*"
  COMMAND LIST FILTERBY PATTERN x y
  ~COMMAND LIST FILTERBY PATTERN "[\\\\S]et"
  ~COMMAND LIST FILTERBY PATTERN "[\\\\s]et"
  ~COMMAND LIST FILTERBY PATTERN "\\\\SET"
  ~COMMAND LIST FILTERBY PATTERN "[R-T]ET"
  COMMAND LIST FILTERBY PATTERN "\\xff*"
  COMMAND LIST FILTERBY ACLCAT "\\xff"
  ~COMMAND LIST FILTERBY PATTERN object*
  COMMAND HELP x
`;

comparison("COMMAND", SCRIPT);
comparison("COMMAND, RESP3", SCRIPT, { resp3: true });

/** Places of the values that COMMAND INFO answers. */
const ARITY = 1;
const FLAGS = 2;
const TIPS = 7;

const ALL_NODES = ["request_policy:all_nodes", "response_policy:all_succeeded"];

/** Of commands that wait: scripts may call them, and they do not wait then. */
const BLOCKING_FLAGS: readonly [place: number, value: unknown] = [FLAGS, ["write", "blocking"]];
const BLOCKING_FAST_FLAGS: typeof BLOCKING_FLAGS = [FLAGS, ["write", "blocking", "fast"]];
const BLOCKING_MOVE_FLAGS: typeof BLOCKING_FLAGS = [FLAGS, ["write", "denyoom", "blocking"]];

/** What 7.2 says otherwise than 7.0, which is the redis-server that tests are run with. */
const CHANGED_IN_7_2: Readonly<Record<string, readonly [place: number, value: unknown]>> = {
  "blmove": BLOCKING_MOVE_FLAGS,
  "blpop": BLOCKING_FLAGS,
  "brpop": BLOCKING_FLAGS,
  "brpoplpush": BLOCKING_MOVE_FLAGS,
  "bzpopmax": BLOCKING_FAST_FLAGS,
  "bzpopmin": BLOCKING_FAST_FLAGS,
  "client|setname": [TIPS, ALL_NODES],
  "command|getkeys": [ARITY, -3],
  "command|getkeysandflags": [ARITY, -3],
  "config|resetstat": [TIPS, ALL_NODES],
  "config|rewrite": [TIPS, ALL_NODES],
  "randomkey": [
    TIPS,
    ["request_policy:all_shards", "response_policy:special", "nondeterministic_output"],
  ],
  "scan": [
    TIPS,
    ["nondeterministic_output", "request_policy:special", "response_policy:special"],
  ],
  "msetnx": [TIPS, []],
  "wait": [FLAGS, []],
  "zrank": [ARITY, -3],
  "zrevrank": [ARITY, -3],
};
/** What Ravel says otherwise on purpose: KEYS without a pattern lists every key. */
const OF_RAVEL: typeof CHANGED_IN_7_2 = { "keys": [ARITY, -1] };
const EXCUSED = { ...CHANGED_IN_7_2, ...OF_RAVEL };

/** Commands that 7.0 does not have. */
const NEW_IN_7_2 = ["client|setinfo", "client|no-touch", "waitaof"];
/** Of Redis 7.4 and 8. */
const NEWER = [
  "hexpire",
  "hexpireat",
  "hexpiretime",
  "hgetdel",
  "hgetex",
  "hpersist",
  "hpexpire",
  "hpexpireat",
  "hpexpiretime",
  "hpttl",
  "hsetex",
  "httl",
];
const ONLY_HERE = [...NEW_IN_7_2, ...NEWER, "zquery"];

const NOTES = /\$5\r\nnotes\r\n\$\d+\r\n[^\r]*\r\n/g;

Deno.test({
  name: "COMMAND INFO says of every command what redis-server says",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    for (const protocol of ["2", "3"]) {
      using theirs = await Peer.connect(redis.port);
      using ours = await Peer.connect(ravel.address.port);
      await theirs.ask("HELLO", protocol);
      await ours.ask("HELLO", protocol);
      const different: string[] = [];
      for (const { fullName, subcommands } of allCommandsAndSubcommands()) {
        if (fullName in EXCUSED || ONLY_HERE.includes(fullName)) continue;
        const [expected, actual] = [
          await theirs.ask("COMMAND", "INFO", fullName),
          await ours.ask("COMMAND", "INFO", fullName),
        ].map((reply) => withoutSubcommands(reply.replace(NOTES, ""), subcommands.length > 0));
        if (expected !== actual) different.push(`${fullName}\n  ${expected}\n  ${actual}`);
      }
      assertEquals(different.join("\n"), "");
    }
  },
});

Deno.test({
  name: "where COMMAND INFO says something else than redis-server 7.0, it is what 7.2 changed",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    for (const [name, [place, value]] of Object.entries(EXCUSED)) {
      const [expected] = await askPlainly(theirs, "COMMAND", "INFO", name) as unknown[][];
      const [actual] = await askPlainly(ours, "COMMAND", "INFO", name) as unknown[][];
      assertNotEquals(expected[place], value, `${name} needs no excuse`);
      assertEquals(actual, expected.with(place, value), name);
    }
    for (const name of ONLY_HERE) {
      assertEquals(await theirs.ask("COMMAND", "INFO", name), "*1\r\n$-1\r\n", name);
      assert(commandByName(name) !== undefined, `${name} is excused and not there`);
    }
  },
});

/** A container's own values. Its subcommands are compared one by one, and Redis has more. */
function withoutSubcommands(reply: string, isContainer: boolean): string {
  return JSON.stringify(isContainer ? reply.split(/\r\n\*\d+\r\n\*10\r\n/)[0] : reply);
}

/** The value in the bytes of a reply; aggregates of RESP3 as their classes. */
function decoded(raw: string): ReplyValue {
  const input = new ByteQueue({ initialBytes: raw.length, maxBytes: raw.length });
  const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
  input.append(bytes, 0, bytes.length);
  const value = new ReplyDecoder("resp").decode(input);
  assert(value !== undefined && input.length === 0, "one whole reply");
  return value;
}

/** A decoded reply in plain types: maps as objects, bulks as text, sets and arrays as arrays. */
function plain(value: ReplyValue): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof ReplySet) return value.items.map(plain);
  if (value instanceof ReplyMap) {
    return Object.fromEntries(value.entries.map(([key, item]) => [plain(key), plain(item)]));
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

async function askPlainly(peer: Peer, ...request: string[]): Promise<unknown> {
  return plain(decoded(await peer.ask(...request)));
}

Deno.test("COMMAND DOCS has for every command what clients read, the same in both protocols", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const flat = await askPlainly(peer, "COMMAND", "DOCS") as unknown[];
  await peer.ask("HELLO", "3");
  const docs = await askPlainly(peer, "COMMAND", "DOCS") as Record<string, Docs>;
  assertEquals(Object.keys(docs).length, commandCount());
  assertEquals(flat.length, 2 * commandCount());
  for (const [name, doc] of Object.entries(docs)) checkDocs(name, doc);
});

interface Docs {
  summary: string;
  since: string;
  group: string;
  complexity: string;
  doc_flags?: string[];
  deprecated_since?: string;
  history?: [string, string][];
  arguments?: ArgumentDocs[];
  subcommands?: Record<string, Docs>;
}

interface ArgumentDocs {
  name: string;
  type: string;
  display_text?: string;
  key_spec_index?: number;
  token?: string;
  flags?: string[];
  arguments?: ArgumentDocs[];
}

function checkDocs(name: string, docs: Docs): void {
  const { summary, since, group, complexity } = docs;
  for (const text of [summary, since, group, complexity]) assert(text.length > 0, name);
  assert(/^\d+\.\d+\.\d+$/.test(since), `${name}: since ${since}`);
  for (const [version] of docs.history ?? []) assert(/^\d+\.\d+\.\d+$/.test(version), name);
  for (const argument of docs.arguments ?? []) checkArgument(name, argument);
  for (const [sub, subDocs] of Object.entries(docs.subcommands ?? {})) {
    assertEquals(sub.split("|")[0], name);
    checkDocs(sub, subDocs);
  }
}

function checkArgument(command: string, argument: ArgumentDocs): void {
  const { name, type } = argument;
  const holdsOthers = type === "oneof" || type === "block";
  assertEquals(argument.display_text === undefined, holdsOthers, `${command} ${name}`);
  assertEquals(argument.arguments !== undefined, holdsOthers, `${command} ${name}`);
  assertEquals(argument.key_spec_index !== undefined, type === "key", `${command} ${name}`);
  for (const inner of argument.arguments ?? []) checkArgument(command, inner);
}

Deno.test("COMMAND DOCS in full for one command, as Redis 7.2 shapes it", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("HELLO", "3");
  assertEquals(await askPlainly(peer, "COMMAND", "DOCS", "QUIT", "nosuch", "memory|usage"), {
    "quit": {
      summary: "Ends the connection once the replies so far are sent.",
      since: "1.0.0",
      group: "connection",
      complexity: "O(1)",
      doc_flags: ["deprecated"],
      deprecated_since: "7.2.0",
      replaced_by: "just closing the connection",
    },
    "memory|usage": {
      summary: "Answers the bytes that a key and its value take; they are counted, never sampled.",
      since: "4.0.0",
      group: "server",
      complexity: "O(1)",
      arguments: [
        { name: "key", type: "key", display_text: "key", key_spec_index: 0 },
        {
          name: "count",
          type: "integer",
          display_text: "count",
          token: "SAMPLES",
          flags: ["optional"],
        },
      ],
    },
  });
  const { rename } = await askPlainly(peer, "COMMAND", "DOCS", "rename") as Record<string, Docs>;
  assertEquals(rename.arguments?.map((argument) => argument.key_spec_index), [0, 1]);
});

Deno.test("COMMAND, COMMAND INFO, COMMAND COUNT and COMMAND LIST agree", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const all = await askPlainly(peer, "COMMAND") as unknown[][];
  assertEquals(await askPlainly(peer, "COMMAND", "INFO"), all);
  assertEquals(await askPlainly(peer, "COMMAND", "COUNT"), all.length);
  const names = all.flatMap((info) => [info[0], ...(info[9] as unknown[][]).map(([name]) => name)]);
  assertEquals(await askPlainly(peer, "COMMAND", "LIST"), names);
  const inCategory = await askPlainly(peer, "COMMAND", "LIST", "FILTERBY", "ACLCAT", "Connection");
  assert(Array.isArray(inCategory) && inCategory.includes("client|kill"));
  assert(!inCategory.includes("client") && !inCategory.includes("get"));
});

Deno.test("every container explains itself", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (const { fullName, subcommands } of allCommandsAndSubcommands()) {
    if (subcommands.length === 0) continue;
    const lines = await askPlainly(peer, fullName, "HELP") as string[];
    const name = fullName.toUpperCase();
    assertEquals(lines[0], `${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
    const syntaxes = lines.slice(1).filter((line) => !line.startsWith("    "));
    const words = syntaxes.map((syntax) => syntax.split(" ")[0].toLowerCase());
    for (const { declaration } of subcommands) assert(words.includes(declaration.name), fullName);
  }
  assertEquals(await askPlainly(peer, "MEMORY", "HELP"), [
    "MEMORY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
    "STATS",
    "    Answers where the server's memory goes.",
    "USAGE key [SAMPLES count]",
    "    Answers the bytes that a key and its value take; they are counted, never sampled.",
    "HELP",
    "    Prints this text.",
  ]);
});
