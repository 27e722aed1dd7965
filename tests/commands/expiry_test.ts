// Expiry: what EXPIRE and TTL and their kin answer, against redis-server where the time of day does
// not matter, and with a clock in the test's hands where it does.

import { assertEquals } from "@std/assert";
import type { Server } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

const SYNTAX = ["EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT"].map((command) => `
  SET k v
  ${command}
  ${command} k
  ${command} missing 33177117420
  ${command} missing -1
  ${command} missing abc
  ${command} k abc
  ${command} k ""
  ${command} k 1.5
  ${command} k " 1"
  ${command} k +1
  ${command} k 01
  ${command} k 9223372036854775808
  ${command} k -9223372036854775809
  ${command} k abc FOO
  ${command} k 100 FOO
  ${command} k 100 NX FOO
  ${command} k 100 "" NX
  ${command} k 100 NX XX
  ${command} k 100 XX NX
  ${command} k 100 NX GT
  ${command} k 100 NX LT
  ${command} k 100 GT LT
  ${command} k 100 XX GT LT
  ${command} k 100 NX XX GT LT
  ${command} k abc GT LT
  ${command} missing 100 GT LT
  ${command} k 33177117420000 XX
  ${command} k 33177117420000 GT
  ${command} k 33177117420000 XX GT
  TTL k
  ${command} k 33177117420000 NX
  ${command} k 33177117420000 NX NX
  ${command} k 33177117421000 NX
  ${command} k 33177117421000 gt
  ${command} k 33177117420000 GT
  ${command} k 33177117420000 lt
  ${command} k 33177117421000 LT
  ${command} k 33177117420000 LT
  ${command} k 33177117422000 XX
  ${command} k 33177117423000 XX GT
  ${command} k 33177117421000 XX LT
  PERSIST k
  ${command} k 33177117421000 LT
  ${command} k 33177117421000 XX LT
  PERSIST k
  PERSIST k
  ${command} k 0 XX
  ${command} k 0 GT
  EXISTS k
  ${command} k 0
  EXISTS k
  SET k v
  ${command} k -1
  EXISTS k
  SET k v
  ${command} k -100 LT
  EXISTS k
  SET k v
  ${command} k -100 NX
  EXISTS k
  # the ends of the range
  SET k v
  ${command} k 9223372036854775807
  ${command} k 9223372036854775807 NX
  ${command} k 9223372036854776
  ${command} k -9223372036854776
  SET k v
  ${command} k 9223372036854775
  SET k v
  ${command} k -9223372036854775
  EXISTS k
  SET k v
  ${command} k -9223372036854775807
  EXISTS k
  SET k v
  ${command} k -9223372036854775808
  EXISTS k
  SET k v
  ${command} k 9007199254740991
  ${command} k 9223370000000000
  # other types
  DEL k
  ZADD z 1 m
  ${command} z 33177117420000
  PERSIST z
  ZSCORE z m
  ${command} z 0
  TYPE z
`).join("");

const QUERIES = `
  TTL
  TTL a b
  PTTL
  EXPIRETIME
  EXPIRETIME a b
  PEXPIRETIME
  PERSIST
  PERSIST a b
  TTL missing
  PTTL missing
  EXPIRETIME missing
  PEXPIRETIME missing
  PERSIST missing
  SET k v
  TTL k
  PTTL k
  EXPIRETIME k
  PEXPIRETIME k
  PERSIST k
  EXPIREAT k 33177117420
  EXPIREAT k 33177117420 GT
  EXPIREAT k 33177117420 LT
  EXPIREAT k 33177117420 XX GT
  EXPIREAT k 33177117420 XX LT
  PEXPIREAT k 33177117420001 GT
  PEXPIREAT k 33177117420000 LT
  EXPIRETIME k
  PEXPIRETIME k
  PEXPIREAT k 33177117420499
  EXPIRETIME k
  PEXPIRETIME k
  PEXPIREAT k 33177117420500
  EXPIRETIME k
  PEXPIREAT k 9223372036854775807
  PEXPIRETIME k
  PEXPIREAT k 9007199254740991
  PEXPIRETIME k
  PERSIST k
  PEXPIRETIME k
  EXPIRE k 1000
  TTL k
  PEXPIRE k 1000000
  TTL k
  SET k v PXAT 1
  TTL k
  PTTL k
  PERSIST k
  SET k v PXAT 1
  EXPIRE k 100
  EXISTS k
`;

for (const resp3 of [false, true]) {
  const dialect = resp3 ? "RESP3" : "RESP2";
  comparison(`EXPIRE and its kin, ${dialect}`, SYNTAX, { resp3 });
  comparison(`TTL and its kin, ${dialect}`, QUERIES, { resp3 });
}

/** A server at a time that stands still, and one connection to it. */
class Frozen implements AsyncDisposable {
  private constructor(readonly clock: ManualClock, readonly server: Server, readonly peer: Peer) {}

  static async start(): Promise<Frozen> {
    const clock = new ManualClock();
    const server = await serveQuietly({ environment: { now: clock.now } });
    return new Frozen(clock, server, await Peer.connect(server.address.port));
  }

  /** Asks each request; its reply must be what stands behind the arrow, `|` for a line break. */
  async expect(script: string): Promise<void> {
    for (const line of script.split("\n").map((text) => text.trim()).filter((text) => text)) {
      const [request, reply] = line.split(" => ");
      assertEquals(
        await this.peer.ask(...request.split(" ")),
        `${reply.replaceAll("|", "\r\n")}\r\n`,
        request,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.peer[Symbol.dispose]();
    this.server.keyspace.arena.verify();
    await this.server[Symbol.asyncDispose]();
  }
}

Deno.test("remaining time counts down and rounds to the nearest second", async () => {
  await using frozen = await Frozen.start();
  await frozen.expect(`
    SET k v EX 10 => +OK
    TTL k => :10
    PTTL k => :10000
    EXPIRETIME k => :1700000010
    PEXPIRETIME k => :1700000010000
  `);
  frozen.clock.nowMs += 8500;
  await frozen.expect("TTL k => :2");
  frozen.clock.nowMs += 1;
  await frozen.expect("TTL k => :1");
  frozen.clock.nowMs += 1000;
  await frozen.expect(`
    TTL k => :0
    PTTL k => :499
  `);
  frozen.clock.nowMs += 499;
  await frozen.expect(`
    PTTL k => :0
    EXISTS k => :1
  `);
  frozen.clock.nowMs += 1;
  await frozen.expect(`
    PTTL k => :-2
    EXISTS k => :0
  `);
});

Deno.test("every command sees an expired key as missing", async () => {
  await using frozen = await Frozen.start();
  frozen.server.upkeep.activeExpire = false;
  const { keyspace } = frozen.server;
  const requests = [
    "GET k => $-1",
    "EXISTS k => :0",
    "TYPE k => +none",
    "TTL k => :-2",
    "PEXPIRETIME k => :-2",
    "PERSIST k => :0",
    "EXPIRE k 100 => :0",
    "DEL k => :0",
    "UNLINK k => :0",
    "RENAME k other => -ERR no such key",
    "KEYS * => *0",
    "RANDOMKEY => $-1",
    "SET k new XX => $-1",
    "SET k new NX => +OK",
    "SET k new GET => $-1",
    "SET k new KEEPTTL => +OK",
    "INCR k => :1",
    "MGET k => *1|$-1",
    "SCAN 0 => *2|$1|0|*0",
  ];
  for (const request of requests) {
    await frozen.expect(`SET k 41 PX 5 => +OK`);
    frozen.clock.nowMs += 6;
    await frozen.expect(request);
    keyspace.flushAll(false);
  }
});

Deno.test("each form of expiry counts from now or from 1970", async () => {
  await using frozen = await Frozen.start();
  await frozen.expect(`
    SET k v => +OK
    EXPIRE k 10 => :1
    PTTL k => :10000
    PEXPIRE k 10 => :1
    PTTL k => :10
    EXPIREAT k 1700000010 => :1
    PTTL k => :10000
    PEXPIREAT k 1700000000010 => :1
    PTTL k => :10
    SET k v EX 3 => +OK
    PTTL k => :3000
    SET k v PX 3 => +OK
    PTTL k => :3
    SET k v EXAT 1700000003 => +OK
    PTTL k => :3000
    SET k v PXAT 1700000000003 => +OK
    PTTL k => :3
    PEXPIREAT k 1700000000000 => :1
    EXISTS k => :0
    SET k v PXAT 1700000000000 => +OK
    EXISTS k => :1
    EXPIREAT k 1700000000 => :1
    EXISTS k => :0
    SET k v => +OK
    EXPIRE k 0 => :1
    EXISTS k => :0
  `);
});

Deno.test("an expiry that was moved or taken away does not strike", async () => {
  await using frozen = await Frozen.start();
  await frozen.expect(`
    MSET moved 1 kept 2 renamed 3 overwritten 4 counted 5 old 6 => +OK
    PEXPIRE moved 10 => :1
    PEXPIRE moved 1000 => :1
    PEXPIRE kept 10 => :1
    PERSIST kept => :1
    PEXPIRE renamed 10 => :1
    RENAME renamed target => +OK
    PEXPIRE overwritten 10 => :1
    SET overwritten again => +OK
    PEXPIRE counted 10 => :1
    INCR counted => :6
    PTTL counted => :10
    PEXPIRE old 10 => :1
    MSET old 7 => +OK
  `);
  frozen.clock.nowMs += 11;
  await frozen.expect(`
    GET moved => $1|1
    GET kept => $1|2
    GET target => $-1
    GET overwritten => $5|again
    GET counted => $-1
    GET old => $1|7
  `);
});

Deno.test("changes are counted once each, hits and misses at each read", async () => {
  await using frozen = await Frozen.start();
  const { keyspace } = frozen.server;
  const changes = async (request: string) => {
    const before = keyspace.changes.dirty;
    await frozen.peer.ask(...request.split(" "));
    return keyspace.changes.dirty - before;
  };
  assertEquals(await changes("MSET a 1 b 2 c 3"), 3);
  assertEquals(await changes("EXPIRE a 10"), 1);
  assertEquals(await changes("EXPIRE a 10 NX"), 0);
  assertEquals(await changes("EXPIRE missing 10"), 0);
  assertEquals(await changes("PERSIST a"), 1);
  assertEquals(await changes("PERSIST a"), 0);
  assertEquals(await changes("RENAME a a"), 0);
  assertEquals(await changes("RENAME a d"), 1);
  assertEquals(await changes("INCR n"), 1);
  assertEquals(await changes("SET n x NX"), 0);
  assertEquals(await changes("INCR missing extra"), 0);
  assertEquals(await changes("DEL b c missing"), 2);
  assertEquals(await changes("EXPIRE d -1"), 1);
  const reads = async (request: string) => {
    const { hits, misses } = keyspace;
    await frozen.peer.ask(...request.split(" "));
    return [keyspace.hits - hits, keyspace.misses - misses];
  };
  await frozen.peer.ask("SET", "k", "v");
  assertEquals(await reads("GET k"), [1, 0]);
  assertEquals(await reads("GET missing"), [0, 1]);
  assertEquals(await reads("MGET k missing k"), [2, 1]);
  assertEquals(await reads("EXISTS k k missing"), [2, 1]);
  assertEquals(await reads("TTL k"), [1, 0]);
  assertEquals(await reads("TYPE missing"), [0, 1]);
  assertEquals(await reads("SET k v2"), [0, 0]);
  assertEquals(await reads("INCR fresh"), [0, 0]);
  assertEquals(await reads("DEL k"), [0, 0]);
});
