// MONITOR: which commands it shows, in which order and in what form.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { wordsOf } from "../harness/comparison.ts";
import { until } from "../harness/until.ts";

const SCRIPT = [
  "SET k v",
  'set "a\\"b" "\\x00\\x1f ~\\x7f\\x80\\xff\\n\\r\\t\\a\\b\\\\"',
  "GET",
  "NOSUCH x",
  "SELECT 3",
  "LPUSH k2 1",
  "LPUSH k2",
  "HSET k2 f v",
  "CONFIG GET port",
  "AUTH secret",
  "AUTH user secret",
  "AUTH a b c",
  "HELLO 2 AUTH user secret SETNAME n",
  "MULTI",
  "SET k w",
  "SELECT 1",
  "GET k",
  "EXEC",
  "MULTI",
  "NOSUCH",
  "EXEC",
  "CLIENT GETNAME",
  "CLIENT LIST",
  "RESET",
  "PING",
  'ECHO ""',
];

/** What a watcher is shown of the script, without what differs by nature: times and addresses. */
async function shown(port: number): Promise<string[]> {
  using watcher = await Peer.connect(port);
  using peer = await Peer.connect(port);
  assertEquals(await watcher.ask("MONITOR"), "+OK\r\n");
  for (const line of SCRIPT) await peer.ask(...wordsOf(line));
  await peer.ask("ECHO", "the end");
  const lines: string[] = [];
  for (;;) {
    const line = await watcher.receive();
    assertMatch(line, /^\+\d+\.\d{6} \[\d+ 127\.0\.0\.1:\d+\] /);
    lines.push(line.replace(/^\S+ /, "").replace(/:\d+\]/, ":port]"));
    if (line.includes("the end")) return lines;
  }
}

Deno.test({
  name: "MONITOR shows what redis-server shows",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using server = await serveQuietly();
    assertEquals(await shown(server.address.port), await shown(redis.port));
  },
});

Deno.test("MONITOR in a transaction is refused when that runs; a second MONITOR says nothing", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("MULTI");
  assertEquals(await peer.ask("MONITOR"), "+QUEUED\r\n");
  assertEquals(
    await peer.ask("EXEC"),
    "*1\r\n-ERR MONITOR isn't allowed for DENY BLOCKING client\r\n",
  );
  await peer.ask("MONITOR");
  peer.queue("MONITOR");
  peer.queue("PING");
  await peer.flush();
  assertEquals(await peer.receive(), "+PONG\r\n");
  assertStringIncludes(await peer.receive(), '"PING"');
});

Deno.test("who watches uses no keys, is not paused, and is free again after RESET", async () => {
  await using server = await serveQuietly();
  using watcher = await Peer.connect(server.address.port);
  using peer = await Peer.connect(server.address.port);
  await watcher.ask("MONITOR");
  assertStringIncludes(await peer.ask("CLIENT", "LIST"), "flags=O ");
  assertEquals(
    await watcher.ask("GET", "k"),
    "-ERR Replica can't interact with the keyspace\r\n",
  );
  await peer.ask("CLIENT", "PAUSE", "100000");
  assertEquals(await watcher.ask("CLIENT", "UNPAUSE"), "+OK\r\n");
  assertEquals(await watcher.ask("RESET"), "+RESET\r\n");
  assertEquals(server.settlement.active, 0);
  await peer.ask("SET", "k", "v");
  assertEquals(await watcher.ask("GET", "k"), "$1\r\nv\r\n");
});

Deno.test("lines are one encoding for all, go to every watcher, and cost nothing when none is left", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using two = await Peer.connect(server.address.port);
  const three = await Peer.connect(server.address.port);
  await three.ask("HELLO", "3");
  await two.ask("MONITOR");
  await three.ask("MONITOR");
  await peer.ask("SET", "k", "v");
  const line = await two.receive();
  assertEquals(await three.receive(), line);
  three[Symbol.dispose]();
  await until("it is gone", () => server.clients.size === 2);
  assertEquals(await two.ask("QUIT"), "+OK\r\n");
  await until("nobody watches", () => server.settlement.active === 0);
});

Deno.test("who watches and does not read is dropped at the limit of its class", async () => {
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "normal 100000 0 0" },
  });
  using watcher = await Peer.connect(server.address.port);
  using peer = await Peer.connect(server.address.port);
  await watcher.ask("MONITOR");
  const long = "x".repeat(1_000_000);
  await until("it is dropped", async () => {
    await peer.ask("SET", "k", long);
    return server.clients.size === 1;
  });
  assertEquals(server.settlement.active, 0);
  assertEquals(server.stats.outputLimitDisconnections, 1);
});

// As on redis-server 7.2, which takes both for requests that were seen before.
Deno.test("neither what a pause has held back nor who waited is shown when it goes on", async () => {
  await using server = await serveQuietly();
  using watcher = await Peer.connect(server.address.port);
  using control = await Peer.connect(server.address.port);
  using waiting = await Peer.connect(server.address.port);
  using writer = await Peer.connect(server.address.port);
  await watcher.ask("MONITOR");
  waiting.queue("BLPOP", "l", "0");
  await waiting.flush();
  await until("it waits", () => server.blocking.waitingClients === 1);
  await control.ask("MULTI");
  await control.ask("CLIENT", "PAUSE", "100000", "WRITE");
  await control.ask("LPUSH", "l", "x");
  await control.ask("EXEC");
  writer.queue("SET", "k", "v");
  await writer.flush();
  await until("both are held", () => server.pause.postponedClients === 2);
  await control.ask("ECHO", "go on");
  await control.ask("CLIENT", "UNPAUSE");
  assertEquals(await waiting.receive(), "*2\r\n$1\r\nl\r\n$1\r\nx\r\n");
  await writer.receive();
  await control.ask("ECHO", "the end");
  const shown: string[] = [];
  do shown.push(/\] (.*)\r\n/.exec(await watcher.receive())![1]); while (
    !shown.at(-1)!.includes("the end")
  );
  assertEquals(shown, [
    '"BLPOP" "l" "0"',
    '"MULTI"',
    '"LPUSH" "l" "x"',
    '"EXEC"',
    '"ECHO" "go on"',
    '"ECHO" "the end"',
  ]);
});

Deno.test("who waits is shown when it comes, and not again when it is served", async () => {
  await using server = await serveQuietly();
  using watcher = await Peer.connect(server.address.port);
  using waiting = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await watcher.ask("MONITOR");
  waiting.queue("BLPOP", "l", "0");
  await waiting.flush();
  await until("it waits", () => server.blocking.waitingClients === 1);
  await other.ask("RPUSH", "l", "x");
  await waiting.receive();
  await other.ask("ECHO", "the end");
  const shown: string[] = [];
  do shown.push(/\] (.*)\r\n/.exec(await watcher.receive())![1]); while (
    !shown.at(-1)!.includes("the end")
  );
  assertEquals(shown, ['"BLPOP" "l" "0"', '"RPUSH" "l" "x"', '"ECHO" "the end"']);
});
