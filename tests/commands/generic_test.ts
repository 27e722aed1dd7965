// Commands on keys of any type: against redis-server, against a simple model under random
// operations, and the glob matcher by itself.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { matchesGlob } from "../../structures/bytes/glob.ts";
import type { Server } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const KEYS_OF_ANY_TYPE = `
  DEL
  DEL missing
  MSET a 1 b 2 c 3
  DEL a b a missing
  DEL "\\x00"
  UNLINK
  UNLINK c c
  UNLINK missing
  EXISTS
  EXISTS missing
  MSET a 1 b 2
  EXISTS a
  EXISTS a a b missing
  ZADD z 1 m
  EXISTS z
  TYPE
  TYPE a b
  TYPE a
  TYPE z
  TYPE missing
  DBSIZE
  DBSIZE x
  RANDOMKEY x
  SET gone v PXAT 1
  EXISTS gone
  DEL gone
  SET gone v PXAT 1
  UNLINK gone
  SET gone v PXAT 1
  TYPE gone
  # renames
  RENAME
  RENAME a
  RENAME a b c
  RENAME missing x
  RENAME missing missing
  RENAME a a
  GET a
  RENAME a b
  GET a
  GET b
  RENAME z b
  TYPE b
  ZRANGE b 0 -1 WITHSCORES
  DEL b
  SET t v EX 1000
  SET u w
  RENAME t u
  TTL u
  GET u
  SET t v
  SET u w EX 1000
  RENAME t u
  TTL u
  SET gone v PXAT 1
  RENAME gone x
  SET t v
  SET gone v PXAT 1
  RENAME t gone
  GET gone
  TTL gone
  RENAME gone "\\x00\\xff"
  GET "\\x00\\xff"
  SET n 41
  RENAME n m
  INCR m
  # nothing left
  DEL u m "\\x00\\xff"
  DBSIZE
  RANDOMKEY
  SET only one
  RANDOMKEY
`;

const LISTING = `
  KEYS *
  SCAN 0
  MSET one 1 two 2 three 3 four 4 h[llo 5 "h\\\\llo" 6 hello 7 hallo 8 hbllo 9 heello 10 "" 11
  ~KEYS *
  ~KEYS t*
  ~KEYS *o
  ~KEYS *o*
  ~KEYS ?our
  ~KEYS h?llo
  ~KEYS h*llo
  ~KEYS h[ae]llo
  ~KEYS h[^e]llo
  ~KEYS h[a-b]llo
  ~KEYS h[b-a]llo
  ~KEYS h[^a-b]llo
  ~KEYS h\\[llo
  ~KEYS "h\\\\[llo"
  ~KEYS "h\\\\\\\\llo"
  ~KEYS h[llo
  ~KEYS h[
  ~KEYS h[]llo
  ~KEYS h[^]llo
  ~KEYS ""
  ~KEYS **
  ~KEYS ***o***
  ~KEYS ?
  ~KEYS ???
  ~KEYS one
  ~KEYS ONE
  ~KEYS one*
  ~KEYS *one
  ~KEYS "*\\\\"
  ZADD zset 1 m
  ~KEYS z*
  SET gone v PXAT 1
  ~KEYS gone
  SET "\\x00\\xff" bin
  ~KEYS "\\x00*"
  ~KEYS "[\\x00-\\x01]\\xff"
  ~KEYS "?\\xff"
  KEYS a b
  # scans
  ~SCAN 0 COUNT 100
  ~SCAN 0 COUNT 100 MATCH h*
  ~SCAN 0 MATCH h* COUNT 100
  ~SCAN 0 MATCH * COUNT 100
  ~SCAN 0 MATCH x COUNT 100 MATCH t*
  ~SCAN 0 COUNT 100 TYPE zset
  ~SCAN 0 COUNT 100 TYPE ZSET
  ~SCAN 0 count 100 type zset match z*
  ~SCAN 0 COUNT 100 TYPE string MATCH z*
  ~SCAN 0 COUNT 100 TYPE list
  ~SCAN 0 COUNT 100 TYPE nonsense
  ~SCAN 0 COUNT 100 TYPE ""
  ~SCAN 0 COUNT 9223372036854775807
  SCAN
  SCAN 0 COUNT
  SCAN 0 MATCH
  SCAN 0 TYPE
  SCAN 0 COUNT 0
  SCAN 0 COUNT -1
  SCAN 0 COUNT abc
  SCAN 0 COUNT 1.5
  SCAN 0 COUNT 9223372036854775808
  SCAN 0 FOO
  SCAN 0 FOO bar
  SCAN 0 COUNT 10 FOO
  SCAN 0 COUNT abc FOO
  SCAN abc FOO
  SCAN abc
  SCAN 1x
  SCAN 0x1
  SCAN 1.5
  SCAN " 1"
  SCAN "1 "
  SCAN -
  SCAN +
  SCAN +-1
  SCAN 18446744073709551616
  SCAN 99999999999999999999999
  SCAN -18446744073709551616
  ~SCAN 00 COUNT 100
  ~SCAN +0 COUNT 100
  ~SCAN -0 COUNT 100
  ~SCAN "" COUNT 100
  ~SCAN "\\x00" COUNT 100
  ~SCAN "0\\x00abc" COUNT 100
  ~SCAN 000000000000000000000000000000 COUNT 100
  ~SCAN 18446744073709551615 MATCH nothing COUNT 100
  ~SCAN 4294967295 MATCH nothing COUNT 100
  ~SCAN -1 MATCH nothing COUNT 100
  @2 SELECT 3
  @2 KEYS *
  @2 SCAN 0
  @2 DBSIZE
  @2 SET elsewhere v
  @2 KEYS *
  @2 SCAN 0
  @2 RANDOMKEY
  ~KEYS else*
`;

for (const resp3 of [false, true]) {
  const dialect = resp3 ? "RESP3" : "RESP2";
  comparison(`DEL, EXISTS, TYPE and RENAME, ${dialect}`, KEYS_OF_ANY_TYPE, { resp3 });
  comparison(`KEYS and SCAN, ${dialect}`, LISTING, { resp3 });
}

comparison(
  "KEYS alone lists all keys",
  `
  KEYS => *0
  SET k v => +OK
  KEYS => *1|$1|k
  KEYS a b => -ERR wrong number of arguments for 'keys' command
`,
);

Deno.test({
  name: "patterns match as on redis-server",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    using theirs = await Peer.connect(redis.port);
    await using server = await serveQuietly();
    using ours = await Peer.connect(server.address.port);
    const letters = fc.constantFrom(..."ab]-^[\\?*");
    const pattern = fc.array(fc.constantFrom(..."ab-]^[[\\\\?**"), { maxLength: 10 });
    const text = fc.array(letters, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 20 }),
        fc.array(pattern),
        async (keys, globs) => {
          for (const peer of [theirs, ours]) {
            peer.queue("FLUSHALL");
            for (const key of keys) peer.queue("SET", key.join(""), "v");
            for (const glob of globs) peer.queue("KEYS", glob.join(""));
            await peer.flush();
            for (let i = 0; i <= keys.length; i++) await peer.receive();
          }
          for (const glob of globs) {
            const expected = keysOf(await theirs.receive());
            assertEquals(keysOf(await ours.receive()), expected, glob.join(""));
          }
        },
      ),
      { numRuns: 200 },
    );
  },
});

/** The elements of a reply that is an array of strings, sorted. */
function keysOf(reply: string): string[] {
  return reply.split("\r\n").filter((_, i) => i > 0 && i % 2 === 0).sort();
}

Deno.test("a hostile pattern takes no exponential time", () => {
  const encoder = new TextEncoder();
  const pattern = encoder.encode("*a".repeat(1000) + "b");
  const text = encoder.encode("a".repeat(20_000));
  assert(!matchesGlob(pattern, 0, pattern.length, text, 0, text.length));
});

/** What a keyspace of strings must do, with a Map. */
class Model {
  readonly #values = new Map<string, { value: string; expireAtMs: number }>();
  constructor(readonly clock: ManualClock) {}

  #find(key: string): { value: string; expireAtMs: number } | undefined {
    const found = this.#values.get(key);
    if (found === undefined || found.expireAtMs >= this.clock.nowMs) return found;
    this.#values.delete(key);
    return undefined;
  }

  get liveKeys(): string[] {
    return [...this.#values.keys()].filter((key) => this.#find(key)).sort();
  }

  /** The reply that the request must get. */
  ask(command: string, key: string, argument: string): string {
    const found = this.#find(key);
    switch (command) {
      case "SET":
        this.#values.set(key, { value: argument, expireAtMs: Infinity });
        return "+OK\r\n";
      case "GET":
        return found === undefined ? "$-1\r\n" : `$${found.value.length}\r\n${found.value}\r\n`;
      case "DEL":
      case "UNLINK":
        return `:${Number(this.#values.delete(key))}\r\n`;
      case "EXISTS":
        return `:${Number(found !== undefined)}\r\n`;
      case "PTTL":
        if (found === undefined) return ":-2\r\n";
        if (found.expireAtMs === Infinity) return ":-1\r\n";
        return `:${found.expireAtMs - this.clock.nowMs}\r\n`;
      case "PEXPIRE":
        if (found === undefined) return ":0\r\n";
        found.expireAtMs = this.clock.nowMs + Number(argument);
        if (Number(argument) <= 0) this.#values.delete(key);
        return ":1\r\n";
      case "PERSIST":
        if (found === undefined || found.expireAtMs === Infinity) return ":0\r\n";
        found.expireAtMs = Infinity;
        return ":1\r\n";
      case "RENAME":
        if (found === undefined) return "-ERR no such key\r\n";
        this.#values.delete(key);
        this.#values.set(argument, found);
        return "+OK\r\n";
      case "INCRBY": {
        const sum = BigInt(found?.value ?? "0") + BigInt(argument);
        this.#values.set(key, {
          value: String(sum),
          expireAtMs: found?.expireAtMs ?? Infinity,
        });
        return `:${sum}\r\n`;
      }
    }
    throw new Error(`the model does not know ${command}`);
  }

  isInteger(key: string): boolean {
    const found = this.#find(key);
    return found === undefined || /^(0|-?[1-9][0-9]{0,15})$/.test(found.value);
  }
}

const KEYS = fc.oneof(
  fc.nat(20).map((n) => `key:${n}`),
  fc.constantFrom("", "K".repeat(300), "L".repeat(4085), "M".repeat(65_535), "N".repeat(70_000)),
);
const VALUES = fc.oneof(
  fc.integer().map(String),
  fc.nat(50).map((n) => "v".repeat(n)),
  fc.nat(5000).map((n) => "w".repeat(n)),
  fc.constant("x".repeat(20_000)),
);
const OPERATIONS = fc.oneof(
  fc.tuple(fc.constant("SET"), KEYS, VALUES),
  fc.tuple(fc.constantFrom("GET", "DEL", "UNLINK", "EXISTS", "PTTL", "PERSIST"), KEYS),
  fc.tuple(fc.constant("PEXPIRE"), KEYS, fc.integer({ min: -5, max: 100 }).map(String)),
  fc.tuple(fc.constant("RENAME"), KEYS, KEYS),
  fc.tuple(fc.constant("INCRBY"), KEYS, fc.integer().map(String)),
  fc.tuple(fc.constant("wait"), fc.nat(60).map(String)),
);

Deno.test("random operations keep to the model, and all memory comes back", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("DBSIZE");
  server.keyspace.flushAll(false);
  const atStart = server.keyspace.arena.usedBytes;
  await fc.assert(
    fc.asyncProperty(fc.array(OPERATIONS, { maxLength: 120, size: "max" }), async (operations) => {
      const model = new Model(clock);
      for (const [command, key, argument = ""] of operations) {
        if (command === "wait") {
          clock.nowMs += Number(key);
        } else if (command !== "INCRBY" || model.isInteger(key)) {
          const request = argument === "" && command !== "SET" && command !== "RENAME"
            ? [command, key]
            : [command, key, argument];
          const expected = model.ask(command, key, argument);
          assertEquals(await peer.ask(...request), expected, request.join(" ").slice(0, 80));
        }
      }
      verifyKeys(server, model, keysOf(await peer.ask("KEYS")));
      server.keyspace.flushAll(false);
      server.keyspace.arena.verify();
      assertEquals(server.keyspace.arena.usedBytes, atStart);
    }),
    { numRuns: 60 },
  );
});

function verifyKeys(server: Server, model: Model, keys: string[]): void {
  assertEquals(keys, model.liveKeys);
  const { databases, table, arena } = server.keyspace;
  table.verify(databases[0].table);
  arena.verify();
}

Deno.test("RANDOMKEY finds the one live key among expired ones", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "live", "v");
  server.upkeep.activeExpire = false;
  for (let i = 0; i < 1000; i++) peer.queue("SET", `gone:${i}`, "v", "PX", "10");
  await peer.flush();
  for (let i = 0; i < 1000; i++) await peer.receive();
  clock.nowMs += 1000;
  assertEquals(await peer.ask("RANDOMKEY"), "$4\r\nlive\r\n");
  await peer.ask("DEL", "live");
  assertEquals(await peer.ask("RANDOMKEY"), "$-1\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
});

Deno.test("large values are freed in the background where settings or UNLINK say so", async () => {
  const ways: [setting: string | undefined, request: string[], isLazy: boolean][] = [
    [undefined, ["DEL", "z"], false],
    ["lazyfree-lazy-user-del", ["DEL", "z"], true],
    [undefined, ["UNLINK", "z"], true],
    [undefined, ["RENAME", "k", "z"], false],
    ["lazyfree-lazy-server-del", ["RENAME", "k", "z"], true],
    [undefined, ["SET", "z", "v"], false],
    ["lazyfree-lazy-server-del", ["SET", "z", "v"], true],
    ["lazyfree-lazy-server-del", ["SET", "z", "12", "EX", "9"], true],
    ["lazyfree-lazy-server-del", ["SETEX", "z", "9", "v"], true],
    ["lazyfree-lazy-server-del", ["MSET", "a", "1", "z", "v".repeat(100)], true],
    ["lazyfree-lazy-server-del", ["MSETEX", "2", "a", "1", "z", "v", "EX", "9"], true],
    [undefined, ["MSETEX", "2", "a", "1", "z", "v", "EX", "9"], false],
    [undefined, ["DELEX", "z"], false],
    ["lazyfree-lazy-user-del", ["DELEX", "z"], true],
    ["lazyfree-lazy-expire", ["PEXPIREAT", "z", "1"], true],
    [undefined, ["EXPIRE", "z", "-1"], false],
    ["lazyfree-lazy-expire", ["EXPIRE", "z", "-1"], true],
  ];
  for (const [setting, request, isLazy] of ways) {
    const directives = setting === undefined ? {} : { [setting]: "yes" };
    await using server = await serveQuietly({ directives });
    using peer = await Peer.connect(server.address.port);
    const { lazyFree, arena } = server.keyspace;
    const atStart = arena.usedBytes;
    const elements = Array.from({ length: 1000 }, (_, i) => [String(i), `member:${i}`]).flat();
    await peer.ask("SET", "k", "v");
    await peer.ask("ZADD", "z", ...elements);
    await peer.ask(...request);
    await lazyFree.drained();
    assertEquals(lazyFree.freed, isLazy ? 1 : 0, request.join(" "));
    server.keyspace.flushAll(false);
    arena.verify();
    assert(arena.usedBytes <= atStart, "memory was lost");
  }
});
