// flush(): the server is as it was when it started, and its clients are still there.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { serve } from "../../testing/mod.ts";
import { Peer } from "../harness/peer.ts";

const LIBRARY = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";

Deno.test("keys of all databases, functions, scripts and logs are gone", async () => {
  await using server = await serve();
  using peer = await Peer.connect(server.port);
  await peer.ask("SET", "k", "v");
  await peer.ask("SELECT", "3");
  await peer.ask("RPUSH", "l", "a", "b");
  await peer.ask("FUNCTION", "LOAD", LIBRARY);
  const sha = (await peer.ask("SCRIPT", "LOAD", "return 1")).split("\r\n")[1];
  await peer.ask("CONFIG", "SET", "slowlog-log-slower-than", "0");
  await peer.ask("ACL", "SETUSER", "ann", "on", ">secret", "+get");
  await peer.ask("AUTH", "ann", "wrong");
  await server.flush();
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  assertEquals(await peer.ask("SELECT", "0"), "+OK\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  assertEquals(await peer.ask("FUNCTION", "LIST"), "*0\r\n");
  assertEquals(await peer.ask("SCRIPT", "EXISTS", sha), "*1\r\n:0\r\n");
  assertEquals(await peer.ask("SLOWLOG", "LEN"), ":0\r\n");
  assertEquals(await peer.ask("ACL", "LOG"), "*0\r\n");
});

Deno.test("settings are as they were given, and where it listens stays", async () => {
  await using server = await serve({ directives: { maxmemory: "10mb", "hz": "20" } });
  using peer = await Peer.connect(server.port);
  const change = ["maxmemory", "1mb", "appendonly", "no", "notify-keyspace-events", "KEA"];
  assertEquals(await peer.ask("CONFIG", "SET", ...change, "proto-max-bulk-len", "2mb"), "+OK\r\n");
  await server.flush();
  const value = async (name: string) => (await peer.ask("CONFIG", "GET", name)).split("\r\n")[4];
  assertEquals(await value("maxmemory"), String(10 * 1024 * 1024));
  assertEquals(await value("hz"), "20");
  assertEquals(await value("notify-keyspace-events"), "");
  assertEquals(await value("proto-max-bulk-len"), "536870912");
  // A second time, and with nothing changed.
  await peer.ask("CONFIG", "SET", "hz", "30");
  await server.flush();
  await server.flush();
  assertEquals(await value("hz"), "20");
  const { port } = server;
  assertEquals(await peer.ask("CONFIG", "SET", "bind", "127.0.0.1 127.0.0.2"), "+OK\r\n");
  await server.flush();
  using other = await Peer.connect(port, "127.0.0.2");
  assertEquals(await other.ask("PING"), "+PONG\r\n");
});

Deno.test("a password that came with CONFIG SET is gone, and one that was given stays", async () => {
  await using open = await serve();
  using peer = await Peer.connect(open.port);
  await peer.ask("CONFIG", "SET", "requirepass", "secret");
  assertStringIncludes(open.url, "redis://:secret@127.0.0.1:");
  await open.flush();
  using next = await Peer.connect(open.port);
  assertEquals(await next.ask("PING"), "+PONG\r\n");

  await using closed = await serve({ directives: { requirepass: "p&ss" } });
  assertEquals(closed.url, `redis://:p%26ss@127.0.0.1:${closed.port}`);
  using stranger = await Peer.connect(closed.port);
  await closed.flush();
  assertStringIncludes(await stranger.ask("PING"), "NOAUTH");
  assertEquals(await stranger.ask("AUTH", "p&ss"), "+OK\r\n");
});

Deno.test("users are those of the start, and clients of others are dropped", async () => {
  await using server = await serve();
  using peer = await Peer.connect(server.port);
  await peer.ask("ACL", "SETUSER", "ann", "on", "nopass", "+@all", "~*");
  await peer.ask("ACL", "SETUSER", "default", "-flushall");
  using ann = await Peer.connect(server.port);
  assertEquals(await ann.ask("AUTH", "ann", ""), "+OK\r\n");
  assertStringIncludes(await peer.ask("FLUSHALL"), "NOPERM");
  await server.flush();
  assertEquals(await ann.receiveRest(), "");
  assertEquals(await peer.ask("FLUSHALL"), "+OK\r\n");
  assertEquals((await peer.ask("ACL", "USERS")).includes("ann"), false);
});

Deno.test("clients stay, subscribed and blocked; a pause is over; what was watched has changed", async () => {
  await using server = await serve();
  using subscriber = await Peer.connect(server.port);
  await subscriber.ask("SUBSCRIBE", "news");
  using waiting = await Peer.connect(server.port);
  await waiting.send("BLPOP q 0\r\n");
  using watching = await Peer.connect(server.port);
  await watching.ask("SET", "k", "v");
  await watching.ask("WATCH", "k");
  await watching.ask("MULTI");
  await watching.ask("SET", "k", "w");
  using peer = await Peer.connect(server.port);
  await peer.ask("CLIENT", "PAUSE", "100000", "WRITE");
  await server.flush();
  assertEquals(await watching.ask("EXEC"), "*-1\r\n");
  assertEquals(await peer.ask("RPUSH", "q", "x"), ":1\r\n");
  assertEquals(await waiting.receive(), "*2\r\n$1\r\nq\r\n$1\r\nx\r\n");
  assertEquals(await peer.ask("PUBLISH", "news", "x"), ":1\r\n");
});

Deno.test("what was sent before is carried out before, and memory is free again", async () => {
  await using server = await serve();
  using peer = await Peer.connect(server.port);
  const used = async () => Number((await peer.ask("INFO")).match(/used_memory_dataset:(\d+)/)?.[1]);
  await peer.ask("SET", "k", "v");
  await server.flush();
  const before = await used();
  for (let i = 0; i < 2000; i++) peer.queue("RPUSH", `l${i % 10}`, "x".repeat(1000));
  await peer.flush();
  await server.flush();
  for (let i = 0; i < 2000; i++) await peer.receive();
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  assertEquals(await used() - before < 64 * 1024, true);
});
