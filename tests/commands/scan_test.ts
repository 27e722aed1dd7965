// The scans' cursors and options beside redis-server, and SCAN's promises: every key that stays is found, whatever comes and goes between the calls, and
// one call does a bounded amount of work.

import { assert, assertEquals } from "@std/assert";
import { commandTable } from "../../commands/registry.ts";
import type { Server } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

/** The cursor and the keys of a reply to SCAN. */
function parse(reply: string): { cursor: string; keys: string[] } {
  const lines = reply.split("\r\n");
  return { cursor: lines[2], keys: lines.slice(4).filter((_, i) => i % 2 === 1) };
}

async function scanAll(
  peer: Peer,
  options: readonly string[],
  between: (call: number) => Promise<void> = () => Promise.resolve(),
): Promise<{ keys: string[]; calls: number }> {
  const keys: string[] = [];
  let cursor = "0";
  for (let call = 1;; call++) {
    const reply = parse(await peer.ask("SCAN", cursor, ...options));
    keys.push(...reply.keys);
    cursor = reply.cursor;
    if (cursor === "0") return { keys, calls: call };
    await between(call);
  }
}

async function fill(peer: Peer, prefix: string, from: number, to: number): Promise<void> {
  await forEachKey(peer, prefix, from, to, (key) => ["SET", key, "v"]);
}

async function drop(peer: Peer, prefix: string, from: number, to: number): Promise<void> {
  await forEachKey(peer, prefix, from, to, (key) => ["DEL", key]);
}

/** Sends a request for each of the keys `prefix:from` to `prefix:(to - 1)`, as one pipeline. */
async function forEachKey(
  peer: Peer,
  prefix: string,
  from: number,
  to: number,
  request: (key: string) => string[],
): Promise<void> {
  for (let i = from; i < to; i++) peer.queue(...request(`${prefix}:${i}`));
  await peer.flush();
  for (let i = from; i < to; i++) await peer.receive();
}

function isRehashing(server: Server): boolean {
  const { keyspace } = server;
  return keyspace.table.isRehashing(keyspace.databases[0].table);
}

Deno.test("a scan of a table at rest finds each key once, in bounded steps", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await fill(peer, "key", 0, 5000);
  const { keyspace } = server;
  while (keyspace.table.rehashStep(keyspace.databases[0].table, 1000));
  const expected = Array.from({ length: 5000 }, (_, i) => `key:${i}`).sort();
  const { keys, calls } = await scanAll(peer, []);
  assertEquals(keys.sort(), expected);
  // Every call but the last finds at least COUNT keys.
  assert(calls >= 250 && calls <= 501, `${calls} calls`);
  const coarse = await scanAll(peer, ["COUNT", "1000"]);
  assertEquals(coarse.keys.sort(), expected);
  assert(coarse.calls <= 6, `${coarse.calls} calls`);
  const matching = await scanAll(peer, ["MATCH", "key:1?"]);
  assertEquals(matching.keys.length, 10);
  assertEquals(matching.calls, calls);
});

Deno.test("a scan finds every key that stays while the table grows and shrinks", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await fill(peer, "stays", 0, 1000);
  const stays = Array.from({ length: 1000 }, (_, i) => `stays:${i}`).sort();
  const seen = async (between: (call: number) => Promise<void>) => {
    const { keys } = await scanAll(peer, ["MATCH", "stays:*"], between);
    assertEquals([...new Set(keys)].sort(), stays);
    server.keyspace.arena.verify();
  };
  let sawRehash = false;
  let top = 0;
  await seen(async (call) => {
    if (call > 40) return;
    await fill(peer, "guest", top, top += 500);
    sawRehash ||= isRehashing(server);
  });
  assert(sawRehash, "the table grew during the scan");
  sawRehash = false;
  let bottom = 0;
  await seen(async () => {
    if (bottom >= top) return;
    await drop(peer, "guest", bottom, bottom += 500);
    sawRehash ||= isRehashing(server);
  });
  await drop(peer, "guest", bottom, top);
  await seen(async (call) => {
    if (call % 2 === 1) await fill(peer, "guest", 0, 300);
    else await drop(peer, "guest", 0, 300);
  });
});

Deno.test("SCAN and KEYS pass expired keys over", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  server.upkeep.activeExpire = false;
  await fill(peer, "key", 0, 100);
  await forEachKey(peer, "key", 0, 50, (key) => ["PEXPIRE", key, "10"]);
  clock.nowMs += 11;
  const { keys } = await scanAll(peer, []);
  assertEquals(keys.length, 50);
  assert(keys.every((key) => Number(key.slice(4)) >= 50));
  assert((await peer.ask("KEYS", "*")).startsWith("*50\r\n"));
  assert((await peer.ask("KEYS")).startsWith("*50\r\n"));
  assert((await peer.ask("KEYS", "key:[1-5]?")).startsWith("*10\r\n"));
});

Deno.test("lists of many and of long keys are complete", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await fill(peer, "key", 0, 3000);
  assert((await peer.ask("KEYS", "*")).startsWith("*3000\r\n"));
  const long = "L".repeat(70_000);
  await peer.ask("SET", long, "v");
  assertEquals(await peer.ask("KEYS", "L*"), `*1\r\n$70000\r\n${long}\r\n`);
  assertEquals(await peer.ask("KEYS", "*L"), `*1\r\n$70000\r\n${long}\r\n`);
  assertEquals(await peer.ask("KEYS", `${long}?`), "*0\r\n");
  await peer.ask("EXPIRE", long, "100");
  assertEquals(await peer.ask("KEYS", long), `*1\r\n$70000\r\n${long}\r\n`);
  await peer.ask("RENAME", long, "short");
  assertEquals(await peer.ask("TTL", "short"), ":100\r\n");
});

const CURSORS = [
  "0",
  '""',
  "00",
  "+0",
  "-0",
  "abc",
  "1.5",
  "0x0",
  '" 0"',
  '"0 "',
  "18446744073709551616",
  "99999999999999999999999",
];
const OPTIONS = [
  "",
  "COUNT 100",
  "COUNT 0",
  "COUNT -1",
  "COUNT abc",
  "COUNT 1.5",
  "COUNT 9223372036854775807",
  "COUNT 9223372036854775808",
  "COUNT",
  "COUNT 0 COUNT 100",
  "COUNT 100 MATCH",
  "count 100 match *",
  "MATCH a* COUNT 100",
  "MATCH [ab] COUNT 100",
  'MATCH "" COUNT 100',
  "MATCH b MATCH a COUNT 100",
  "COUNT 100 MATCH a more",
  "TYPE hash COUNT 100",
  "BOGUS",
  "100",
];

/** Every scan that is there, of keys of its own type, of another and of none. */
const SCANS = ["SCAN", "HSCAN", "SSCAN", "ZSCAN"].filter((name) =>
  commandTable.named(name.toLowerCase()) !== undefined
).flatMap((name) =>
  name === "SCAN" ? [name] : ["a", "small", "b", "c", "missing"].map((key) => `${name} ${key}`)
);

for (const resp3 of [false, true]) {
  comparison(
    `cursors and options of every scan, RESP${resp3 ? 3 : 2}`,
    `
    HSET a a 1 ab 2 b 3
    SADD b a ab b
    SADD small 3 1 2
    ZADD c 1 a 2.5 ab inf b
    ${
      SCANS.flatMap((scan) =>
        CURSORS.flatMap((cursor) => OPTIONS.map((options) => `~${scan} ${cursor} ${options}`))
      ).join("\n")
    }
    HSCAN a
    SSCAN b
    SCAN
    `,
    { resp3 },
  );
}
