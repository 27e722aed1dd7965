// MULTI, EXEC, DISCARD, WATCH and UNWATCH, beside redis-server and by themselves.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

const SCRIPT = `
  # what is queued runs in order, errors in their places
  MULTI
  SET a 1
  INCR a
  LPUSH a x
  GET a
  MGET a b
  EXEC
  GET a
  EXEC
  DISCARD
  # an empty one
  MULTI
  EXEC
  # nested, and WATCH within
  MULTI
  MULTI
  WATCH a
  SET a 3
  EXEC
  GET a
  # an error while it is queued
  MULTI
  SET a
  SET a 4
  EXEC
  GET a
  MULTI
  NOSUCHCOMMAND x y
  PING
  EXEC
  EXEC
  MULTI
  CONFIG NOSUCH
  EXEC
  MULTI
  CLIENT
  EXEC
  MULTI extra
  EXEC extra
  MULTI
  EXEC extra
  EXEC
  # commands that are no part of one
  MULTI
  SHUTDOWN
  EXEC
  # DISCARD
  MULTI
  SET a 9
  DISCARD
  GET a
  DISCARD
  # arguments of any bytes, large ones too
  MULTI
  SET k "a\\x00b\\r\\n"
  GET k
  ECHO ""
  EXEC
  # SELECT within, and what comes behind
  MULTI
  SELECT 3
  SET only here
  EXEC
  GET only
  SELECT 0
  GET only
  MULTI
  SELECT 99
  GET a
  EXEC
  # AUTH and HELLO within
  MULTI
  AUTH nopassword
  AUTH default x y
  EXEC
  # WATCH: changed by another
  SET w 1
  WATCH w
  @2 SET w 2
  MULTI
  GET w
  EXEC
  GET w
  # the same value once more is a change too
  WATCH w
  @2 SET w 2
  MULTI
  GET w
  EXEC
  # one's own change
  WATCH w
  SET w 3
  MULTI
  GET w
  EXEC
  # nothing has changed
  WATCH w
  @2 GET w
  @2 SET other 1
  MULTI
  GET w
  EXEC
  # after EXEC it is watched no more
  @2 SET w 5
  MULTI
  GET w
  EXEC
  # five keys, one of which changes
  WATCH w1 w2 w3 w4 w5
  @2 SET w4 x
  MULTI
  PING
  EXEC
  # a key that comes, and one that goes
  WATCH comes
  @2 LPUSH comes x
  MULTI
  PING
  EXEC
  WATCH comes
  @2 DEL comes
  MULTI
  PING
  EXEC
  WATCH missing
  @2 DEL missing
  MULTI
  PING
  EXEC
  # UNWATCH, DISCARD and RESET let go
  WATCH w
  @2 SET w 6
  UNWATCH
  MULTI
  PING
  EXEC
  UNWATCH
  WATCH w
  @2 SET w 7
  MULTI
  DISCARD
  MULTI
  PING
  EXEC
  WATCH w
  @2 SET w 8
  RESET
  MULTI
  PING
  EXEC
  MULTI
  SET w 9
  RESET
  GET w
  EXEC
  # changes of every kind
  WATCH w
  @2 EXPIRE w 100
  MULTI
  PING
  EXEC
  WATCH w
  @2 PERSIST w
  MULTI
  PING
  EXEC
  WATCH w renamed
  @2 RENAME w renamed
  MULTI
  PING
  EXEC
  WATCH h
  @2 HSET h f v
  MULTI
  PING
  EXEC
  WATCH h
  @2 HSET h f v
  MULTI
  PING
  EXEC
  WATCH h
  @2 HDEL h nosuch
  MULTI
  PING
  EXEC
  WATCH h
  @2 HDEL h f
  MULTI
  PING
  EXEC
  WATCH h
  @2 SADD h f
  @2 SREM h f
  MULTI
  PING
  EXEC
  # databases
  @2 SELECT 1
  WATCH w
  @2 SET w 1
  MULTI
  PING
  EXEC
  SELECT 1
  WATCH w
  SELECT 0
  @2 SET w 2
  MULTI
  PING
  EXEC
  # flushes touch the keys that are there
  @2 SELECT 0
  SET f 1
  WATCH f
  @2 FLUSHALL
  MULTI
  PING
  EXEC
  WATCH f
  @2 FLUSHALL
  MULTI
  PING
  EXEC
  SET f 1
  WATCH f
  @2 FLUSHDB
  MULTI
  PING
  EXEC
  WATCH f f f
  @2 FLUSHDB
  MULTI
  PING
  EXEC
  SET f 1
  WATCH f nosuch
  @2 SELECT 2
  @2 FLUSHDB
  MULTI
  PING
  EXEC
  @2 SELECT 0
  WATCH
  UNWATCH x
  # expired when it was watched, and since
  SET gone x PX 1
  WATCH gone
  @2 FLUSHALL
  # a stale one queues in vain
  SET s 1
  WATCH s
  @2 SET s 2
  WATCH s t
  MULTI
  SET s 3
  NOSUCH
  EXEC
  GET s
  # no command behind an error is run
  MULTI
  SET s 4
  GET
  SET s 5
  EXEC
  GET s
`;

comparison("transactions", SCRIPT);
comparison("transactions in RESP3", SCRIPT, { resp3: true });

comparison(
  "a full memory and transactions",
  `
  SET big ${"x".repeat(1000)}
  MULTI
  SET a 1
  @2 CONFIG SET maxmemory 1
  SET b 1
  EXEC
  MULTI
  GET big
  DISCARD
  @2 CONFIG SET maxmemory 0
  MULTI
  STRLEN_ARE_READ big
  DISCARD
  MULTI
  GET a
  @2 CONFIG SET maxmemory 1
  EXEC
  @2 CONFIG SET maxmemory 0
  MULTI
  SET a 2
  @2 CONFIG SET maxmemory 1
  EXEC
  EXEC
  @2 CONFIG SET maxmemory 0
  GET a
`,
);

comparison(
  "transactions before the password",
  `
  MULTI
  EXEC
  AUTH secret
  MULTI
  GET a
  AUTH wrong
  AUTH secret
  EXEC
  `,
  { directives: { requirepass: "secret" } },
);

Deno.test("transactions: a key that expires while it is watched spoils them", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v", "PX", "10");
  await peer.ask("WATCH", "k");
  clock.nowMs += 11;
  await peer.ask("MULTI");
  await peer.ask("PING");
  assertEquals(await peer.ask("EXEC"), "*-1\r\n");

  await peer.ask("SET", "k", "v", "PX", "10");
  clock.nowMs += 11;
  await peer.ask("WATCH", "k");
  await peer.ask("MULTI");
  await peer.ask("PING");
  assertEquals(await peer.ask("EXEC"), "*1\r\n+PONG\r\n");
});

Deno.test("transactions: CLIENT LIST tells of them", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await peer.ask("WATCH", "a", "b");
  await peer.ask("MULTI");
  await peer.ask("SET", "a", "x".repeat(1000));
  await peer.ask("GET", "a");
  const id = (await other.ask("CLIENT", "LIST")).match(/^id=(\d+)/m)![1];
  const line = await other.ask("CLIENT", "LIST", "ID", id);
  assertStringIncludes(line, " flags=x ");
  assertStringIncludes(line, " multi=2 ");
  const bytes = Number(line.match(/multi-mem=(\d+)/)![1]);
  assertEquals(bytes >= 1000, true, `${bytes} bytes`);
  await other.ask("SET", "a", "2");
  assertStringIncludes(await other.ask("CLIENT", "LIST", "ID", id), " flags=xd ");
  await peer.ask("EXEC");
  const ended = await other.ask("CLIENT", "LIST", "ID", id);
  assertStringIncludes(ended, " flags=N ");
  assertStringIncludes(ended, " multi=-1 ");
});

Deno.test("transactions: a queue over client-query-buffer-limit ends its connection", async () => {
  await using server = await serveQuietly({
    directives: { "client-query-buffer-limit": "1mb" },
  });
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("MULTI"), "+OK\r\n");
  const value = "x".repeat(100_000);
  let queued = 0;
  try {
    for (; queued < 100; queued++) await peer.ask("SET", "k", value);
  } catch {
    // The connection is gone.
  }
  assertEquals(queued, 10);
  using other = await Peer.connect(server.address.port);
  assertEquals(await other.ask("GET", "k"), "$-1\r\n");
});

Deno.test("transactions: keys that nobody watches any more leave nothing behind", async () => {
  await using server = await serveQuietly();
  const { changes } = server.keyspace;
  const clients = Array.from({ length: 3 }, () => new DetachedClient(server));
  for (const client of clients) await client.ask("WATCH", "a", "b", "c");
  assertEquals(changes.isHeard, true);
  await clients[0].ask("UNWATCH");
  await clients[1].ask("SET", "b", "1");
  assertEquals(changes.isHeard, false, "all others are spoiled");
  await clients[2].ask("MULTI");
  assertEquals(await clients[2].ask("EXEC"), "*-1\r\n");
  await clients[2].ask("WATCH", "a");
  clients[2].client.ended();
  assertEquals(changes.isHeard, false);
});

comparison(
  "EXEC that is refused lets go of what is watched, with and without MULTI",
  `
  WATCH k
  EXEC more
  SET k changed
  MULTI
  GET k
  EXEC
  WATCH k
  SET k again
  EXEC more
  MULTI
  GET k
  EXEC
  WATCH k
  MULTI
  EXEC more
  SET k third
  MULTI
  GET k
  EXEC
  `,
);
