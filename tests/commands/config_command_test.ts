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
  CONFIG SET "no\xff\x00such" 1
  CONFIG SET "no\r\nsuch" 1
  CONFIG SET "\xc3\xa9" "\xff"
  CONFIG SET masterauth "\xff\xfe\x00p"
  CONFIG GET masterauth
  CONFIG SET masterauth ""
  CONFIG SET masteruser "\xff\xfe\x00p"
  CONFIG GET masteruser
  CONFIG SET masteruser ""
  CONFIG GET "maxmemory\x00*"
  CONFIG GET "ma\xff*"
  CONFIG GET "max-\xff"
  CONFIG SET dir /
  CONFIG SET hz 15 DbFileName x
  CONFIG GET hz
  CONFIG SET appendonly no save ""
  CONFIG SET notify-keyspace-events KEA slave-priority 7
  ~CONFIG GET notify-keyspace-events "*-priority"
  CONFIG SET replicaof "no one"
  CONFIG REWRITE
  CONFIG REWRITE x
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

Deno.test("a setting without effect answers OK, and the log says so once", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({ onLogLine: (line) => lines.push(line) });
  using peer = await Peer.connect(server.address.port);
  const set = ["CONFIG", "SET", "appendonly", "yes", "hz", "20", "save", "60 1"];
  assertEquals(await peer.ask(...set), "+OK\r\n");
  assertEquals(await peer.ask(...set), "+OK\r\n");
  const told = lines.filter((line) => line.includes("without effect"));
  assertEquals(told.length, 1);
  assertMatch(told[0], /settings=appendonly save$/);
});

Deno.test("values and names that are long without reason are refused", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const long = " ".repeat(3 * 1024 * 1024);
  for (const name of ["requirepass", "save", "bind", "hz"]) {
    assertEquals(
      await peer.ask("CONFIG", "SET", name, long),
      `-ERR CONFIG SET failed (possibly related to argument '${name}') - argument must be at most ` +
        "1048576 bytes long\r\n",
    );
  }
  const name = "n".repeat(10_000);
  assertEquals(
    await peer.ask("CONFIG", "SET", name, "1"),
    `-ERR Unknown option or number of arguments for CONFIG SET - '${name}'\r\n`,
  );
  assertEquals(await peer.ask("CONFIG", "GET", long), "*0\r\n");
  assertEquals(
    await peer.ask("CONFIG", "GET", "hz" + "*".repeat(100_000)),
    "*2\r\n$2\r\nhz\r\n$2\r\n10\r\n",
  );
});

Deno.test("protected settings may be opened to clients of this machine", async () => {
  await using server = await serveQuietly({
    directives: { "enable-protected-configs": "local" },
  });
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("CONFIG", "SET", "dbfilename", "x.rdb"), "+OK\r\n");
});

Deno.test("CONFIG RESETSTAT starts the counters again", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v");
  await peer.ask("GET", "k");
  await peer.ask("GET", "missing");
  await peer.ask("NOSUCH");
  await peer.ask("AUTH", "nobody", "guess");
  const before = await peer.ask("INFO", "stats", "commandstats", "errorstats");
  assertMatch(before, /keyspace_hits:1\r\nkeyspace_misses:1\r\n/);
  assertMatch(before, /\r\ncmdstat_get:calls=2,/);
  assertMatch(before, /\r\nerrorstat_ERR:count=1\r\n/);
  await peer.ask("CONFIG", "RESETSTAT");
  const after = await peer.ask("INFO", "stats", "commandstats", "errorstats");
  assertMatch(after, /keyspace_hits:0\r\nkeyspace_misses:0\r\n/);
  assertMatch(after, /\r\ntotal_commands_processed:1\r\n/);
  assertMatch(after, /\r\ntotal_error_replies:0\r\n/);
  // As on Redis, guesses at passwords stay counted.
  assertMatch(after, /\r\nacl_access_denied_auth:1\r\n/);
  assertMatch(after, /# Commandstats\r\ncmdstat_config\|resetstat:calls=1,[^\r]*\r\n\r\n/);
  assertMatch(after, /# Errorstats\r\n\r\n$/);
});
