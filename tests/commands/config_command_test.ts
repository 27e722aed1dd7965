// CONFIG as a command; the settings themselves are tested with the configuration.

import { assertEquals, assertMatch } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const SCRIPT = `
  CONFIG
  CONFIG NOSUCH
  CONFIG GET
  CONFIG GET nosuch
  CONFIG GET maxmemory
  CONFIG GET MaxMemory
  CONFIG GET maxmemory nosuch maxmemory
  ~~CONFIG GET lazyfree-lazy-user-* hz
  ~~CONFIG GET "maxmemor[y]" "h?"
  CONFIG SET
  CONFIG SET hz
  CONFIG SET hz 20
  CONFIG GET hz
  CONFIG SET hz 20 timeout
  CONFIG SET hz 30 timeout 100
  ~~CONFIG GET hz timeout
  CONFIG SET hz 40 nosuch 1
  CONFIG SET hz 40 hz 50
  CONFIG SET hz 40 timeout abc
  CONFIG SET hz 40 databases 1
  CONFIG GET hz
  CONFIG SET maxmemory 100mb
  CONFIG GET maxmemory
  CONFIG SET maxmemory 1xb
  CONFIG SET maxmemory-policy nosuch
  CONFIG SET appendonly maybe
  CONFIG SET requirepass ""
  CONFIG RESETSTAT
  CONFIG RESETSTAT x
`;

comparison("CONFIG", SCRIPT);
comparison("CONFIG, RESP3", SCRIPT, { resp3: true });

Deno.test("CONFIG GET answers a map, and all settings for *", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const [count] = (await peer.ask("CONFIG", "GET", "*")).split("\r\n");
  await peer.ask("HELLO", "3");
  assertEquals(await peer.ask("CONFIG", "GET", "hz"), "%1\r\n$2\r\nhz\r\n$2\r\n10\r\n");
  const [size] = (await peer.ask("CONFIG", "GET", "*")).split("\r\n");
  assertEquals(Number(count.slice(1)), 2 * Number(size.slice(1)));
});

Deno.test("CONFIG RESETSTAT starts the counters again", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v");
  await peer.ask("GET", "k");
  await peer.ask("GET", "missing");
  await peer.ask("NOSUCH");
  const before = await peer.ask("INFO", "stats", "commandstats", "errorstats");
  assertMatch(before, /keyspace_hits:1\r\nkeyspace_misses:1\r\n/);
  assertMatch(before, /\r\ncmdstat_get:calls=2,/);
  assertMatch(before, /\r\nerrorstat_ERR:count=1\r\n/);
  await peer.ask("CONFIG", "RESETSTAT");
  const after = await peer.ask("INFO", "stats", "commandstats", "errorstats");
  assertMatch(after, /keyspace_hits:0\r\nkeyspace_misses:0\r\n/);
  assertMatch(after, /\r\ntotal_commands_processed:1\r\n/);
  assertMatch(after, /\r\ntotal_error_replies:0\r\n/);
  assertMatch(after, /# Commandstats\r\ncmdstat_config\|resetstat:calls=1,[^\r]*\r\n\r\n/);
  assertMatch(after, /# Errorstats\r\n\r\n$/);
});
