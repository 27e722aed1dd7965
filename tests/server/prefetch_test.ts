// Commands that load ahead see their calls before those run, the bad ones included, and calls on
// other keys among them. Replies and data must be as if nobody had looked.

import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { Database } from "../../server/keyspace/database.ts";
import { Key } from "../../server/keyspace/key.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import type { Ref } from "../../structures/arena/arena.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

/** The entry of a key, whose name is ASCII. */
function entryOf({ hasher }: Keyspace, database: Database, name: string): Ref {
  const key = new Key();
  key.bytes = new TextEncoder().encode(name);
  key.length = key.bytes.length;
  key.hash = hasher.hash(key.bytes, 0, key.length);
  return database.peek(key);
}

/** More than a collection has to have for its commands to load ahead. */
const MEMBERS = 5000;

Deno.test("a pipeline of ZADDs on large, small, absent and wrong keys", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (const key of ["large", "other"]) {
    const request = ["ZADD", key];
    for (let i = 0; i < MEMBERS; i++) request.push(String(i), `m${i}`);
    assertEquals(await peer.ask(...request), `:${MEMBERS}\r\n`);
  }
  await peer.ask("ZADD", "small", "1", "a");
  await peer.ask("SET", "text", "x");
  const batch: [request: string[], reply: string][] = [
    [["ZADD", "large", "4000.5", "m1"], ":0\r\n"],
    [["ZADD", "large", "-7", "new"], ":1\r\n"],
    [["ZADD", "large", "3", "new"], ":0\r\n"],
    [["ZADD", "other", "inf", "m1"], ":0\r\n"],
    [["ZADD", "small", "2", "a"], ":0\r\n"],
    [["ZADD", "large", "none", "m2"], "-ERR value is not a valid float\r\n"],
    [["ZADD"], "-ERR wrong number of arguments for 'zadd' command\r\n"],
    [["ZADD", "large", "1"], "-ERR wrong number of arguments for 'zadd' command\r\n"],
    [
      ["ZADD", "text", "1", "a"],
      "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
    ],
    [["ZADD", "absent", "1", "a"], ":1\r\n"],
    [["ZADD", "absent", "XX", "1", "b"], ":0\r\n"],
    [["ZADD", "large", "INCR", "0.5", "m1"], "$4\r\n4001\r\n"],
    [["DEL", "large"], ":1\r\n"],
    [["ZADD", "large", "1", "m1"], ":1\r\n"],
    [["ZADD", "large", "CH", "2", "m1"], ":1\r\n"],
    [["ZSCORE", "other", "m1"], "$3\r\ninf\r\n"],
    [["ZRANK", "other", "m2"], ":1\r\n"],
    [["ZCARD", "other"], `:${MEMBERS}\r\n`],
    [["ZSCORE", "small", "a"], "$1\r\n2\r\n"],
  ];
  for (const [request] of batch) peer.queue(...request);
  await peer.flush();
  for (const [request, reply] of batch) {
    assertEquals([request, await peer.receive()], [request, reply]);
  }
  server.keyspace.arena.verify();
});

/** Commands on members, and what follows key and member in each. */
const MEMBER_COMMANDS: readonly (readonly [name: string, ...rest: string[]])[] = [
  ["HGET"],
  ["HEXISTS"],
  ["HSET", "v"],
  ["HSET", "v", "m1", "w", "m2", "x", "new", "y"],
  ["HSETNX", "v"],
  ["HINCRBY", "1"],
  ["HINCRBYFLOAT", "0.5"],
  ["HMGET", "m1", "m2", "absent", "m3", "m4"],
  ["HDEL", "m5"],
  ["SISMEMBER"],
  ["SMISMEMBER", "m1", "m2", "absent", "m3", "m4"],
  ["SADD", "m6", "new", "other", "m7"],
  ["SREM", "m8"],
  ["ZSCORE"],
  ["ZRANK"],
  ["ZREVRANK"],
  ["ZMSCORE", "m1", "absent", "m3", "m4", "m5"],
  ["ZINCRBY"],
  ["ZREM", "m9"],
  // More than are noted at a time.
  ["SMISMEMBER", ...Array.from({ length: 100 }, (_, i) => `m${i}`)],
  ["HGET", "too", "many"],
  ["HSET"],
];
const KEYS = ["hash", "set", "sorted", "small", "text", "absent", "expired"];

Deno.test("pipelines on members of collections answer as calls one by one do", async () => {
  const clock = new ManualClock();
  const environment = { now: clock.now };
  await using pipelined = await serveQuietly({ environment });
  await using oneByOne = await serveQuietly({ environment });
  using ahead = await Peer.connect(pipelined.address.port);
  using alone = await Peer.connect(oneByOne.address.port);
  const both = async (...request: string[]) =>
    assertEquals(await ahead.ask(...request), await alone.ask(...request));
  const members = Array.from({ length: MEMBERS }, (_, i) => `m${i}`);
  const call = fc.record({
    command: fc.constantFrom(...MEMBER_COMMANDS),
    key: fc.constantFrom(...KEYS),
    member: fc.nat(MEMBERS + 100).map((index) => `m${index}`),
    repeat: fc.integer({ min: 1, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 30, size: "max" }), async (calls) => {
      await both("FLUSHALL");
      await both("HSET", "hash", ...members.flatMap((member) => [member, "1"]));
      await both("SADD", "set", ...members);
      await both("ZADD", "sorted", ...members.flatMap((member, i) => [String(i), member]));
      await both("HSET", "small", "m1", "1");
      await both("SET", "text", "x");
      await both("SADD", "expired", ...members);
      await both("PEXPIRE", "expired", "1");
      clock.nowMs += 2;
      const requests = calls.flatMap(({ command: [name, ...rest], key, member, repeat }) =>
        Array.from(
          { length: repeat },
          () => name === "ZINCRBY" ? [name, key, "0.5", member] : [name, key, member, ...rest],
        )
      );
      for (const request of requests) ahead.queue(...request);
      await ahead.flush();
      for (const request of requests) {
        assertEquals([request, await ahead.receive()], [request, await alone.ask(...request)]);
      }
      for (const [name, key] of [["HLEN", "hash"], ["SCARD", "set"], ["ZCARD", "sorted"]]) {
        await both(name, key);
      }
    }),
    { numRuns: 15 },
  );
  pipelined.keyspace.arena.verify();
});

Deno.test("commands on members load ahead in large collections, and in those alone", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const { hashes, sets, sortedSets } = server.keyspace;
  let loads = 0;
  const members = Array.from({ length: MEMBERS }, (_, i) => `m${i}`);
  await peer.ask("HSET", "hash", ...members.flatMap((member) => [member, "1"]));
  await peer.ask("SADD", "set", ...members);
  await peer.ask("ZADD", "sorted", ...members.flatMap((member, i) => [String(i), member]));
  const [database] = server.keyspace.databases;
  const open = { hash: hashes, set: sets, sorted: sortedSets };
  for (const [name, collections] of Object.entries(open)) {
    // One view serves all who read collections of a type.
    const view = collections.open(entryOf(server.keyspace, database, name));
    const prefetch = view.prefetch.bind(view);
    view.prefetch = () => {
      loads++;
      prefetch();
    };
  }
  for (const add of [["HSET", "h", "m", "1"], ["SADD", "s", "m"], ["ZADD", "z", "1", "m"]]) {
    await peer.ask(...add);
  }
  const commands = [
    ...["HGET", "HEXISTS", "HMGET", "HDEL"].map((name) => [name, "hash", "h", "m1"]),
    ...["HSET", "HMSET", "HSETNX"].map((name) => [name, "hash", "h", "m1", "v"]),
    ["HINCRBY", "hash", "h", "m2", "1"],
    ["HINCRBYFLOAT", "hash", "h", "m2", "1"],
    ...["SISMEMBER", "SMISMEMBER", "SADD", "SREM"].map((name) => [name, "set", "s", "m1"]),
    ...["ZSCORE", "ZRANK", "ZREM"].map((name) => [name, "sorted", "z", "m1"]),
    ["ZADD", "sorted", "z", "1", "m1"],
  ];
  for (const [name, large, small, ...rest] of commands) {
    for (const [key, expected] of [[large, 1], [small, 0], ["absent", 0]] as const) {
      loads = 0;
      for (let i = 0; i < 3; i++) peer.queue(name, key, ...rest);
      await peer.flush();
      for (let i = 0; i < 3; i++) await peer.receive();
      assertEquals([name, key, loads], [name, key, expected]);
      // A call alone with one member has nothing to share its waits with.
      await peer.ask(name, key, ...rest);
      assertEquals([name, key, loads], [name, key, expected]);
    }
  }
  loads = 0;
  await peer.ask("HMGET", "hash", ...members.slice(0, 10));
  assertEquals(loads, 1);
});

Deno.test("a look-ahead deletes nothing: its calls may yet be refused", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { requirepass: "secret" },
    environment: { now: clock.now },
  });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  await peer.ask("AUTH", "secret");
  for (const [key, ...rest] of [["HSET", "k", "f", "v"], ["PEXPIRE", "k", "1"]]) {
    await peer.ask(key, ...rest);
  }
  clock.nowMs += 2;
  using stranger = await Peer.connect(server.address.port);
  for (let i = 0; i < 4; i++) stranger.queue("HGET", "k", "f");
  await stranger.flush();
  for (let i = 0; i < 4; i++) {
    assertEquals(await stranger.receive(), "-NOAUTH Authentication required.\r\n");
  }
  assertEquals([server.keyspace.size, server.keyspace.expiredKeys], [1, 0]);
  assertEquals(await peer.ask("HGET", "k", "f"), "$-1\r\n");
  assertEquals([server.keyspace.size, server.keyspace.expiredKeys], [0, 1]);
});
