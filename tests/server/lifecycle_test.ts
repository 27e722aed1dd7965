// Stopping: replies under way arrive whole, everything else ends, and the port is free again.

import { assert, assertEquals, assertGreater } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, serveQuietly } from "../harness/quiet_server.ts";
import { ServerProcess } from "../harness/server_process.ts";
import { until } from "../harness/until.ts";

const VALUE_BYTES = 1024 * 1024;
/** One GET's reply: header, value, line end. */
const REPLY_BYTES = `$${VALUE_BYTES}\r\n`.length + VALUE_BYTES + 2;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `replies under way at ${signal} arrive whole, and the exit code is 0`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using server = new ServerProcess([]);
      const port = await server.port();
      using peer = await Peer.connect(port);
      assertEquals(await peer.ask("SET", "k", "x".repeat(VALUE_BYTES)), "+OK\r\n");
      // More than sockets hold: the server is in the middle of a write when the signal comes.
      await peer.send("GET k\r\n".repeat(40));
      const first = await peer.connection.read(new Uint8Array(1));
      assertEquals(first, 1);
      server.signal(signal);
      await server.linesUntil(/shutting down/);
      await until("the port is closed", () => isRefused(port));
      const received = 1 + (await peer.receiveRest()).length;
      assertGreater(received, 0);
      assertEquals(received % REPLY_BYTES, 0, "the last reply was cut off");
      const { code, stderr } = await server.ended();
      assertEquals([code, stderr], [0, ""]);
    },
  });
}

/** Whether nobody listens on the port; a connection that was still let in is closed again. */
async function isRefused(port: number): Promise<boolean> {
  try {
    (await Peer.connect(port))[Symbol.dispose]();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionReset) return false;
    return error instanceof Deno.errors.ConnectionRefused;
  }
}

Deno.test("a server that stopped has closed its connections and freed its port", async () => {
  const first = await serveQuietly();
  const { port } = first.address;
  using idle = await Peer.connect(port);
  assertEquals(await idle.ask("PING"), "+PONG\r\n");
  await first.shutdown();
  await first.finished;
  assertEquals(await idle.receiveRest(), "");
  assertEquals(first.clients.size, 0);
  await using second = await serveQuietly({ port });
  assertEquals(second.address.port, port);
  using again = await Peer.connect(port);
  assertEquals(await again.ask("PING"), "+PONG\r\n");
});

Deno.test("stopping twice is stopping once", async () => {
  const server = await serveQuietly();
  const first = server.shutdown();
  assert(server.shutdown() === first);
  assert(server.shuttingDown);
  await first;
  await server[Symbol.asyncDispose]();
});

Deno.test("a connection that arrives while a server stops is closed, not served", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const stopped = server.shutdown();
  await peer.send("PING\r\n").catch(() => {});
  assertEquals(await peer.receiveRest().catch(() => ""), "");
  await stopped;
});

Deno.test("clients that leave at any point of a request leave nothing behind", async () => {
  await using server = await serveQuietly();
  const bytesAtStart = server.keyspace.arena.usedBytes;
  const request = "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n";
  for (let end = 0; end <= request.length; end++) {
    using peer = await Peer.connect(server.address.port);
    await peer.send(request.slice(0, end));
  }
  await until("all clients are forgotten", () => server.clients.size === 0);
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("GET", "key"), "$5\r\nvalue\r\n");
  await flushAndDrain(server);
  assertEquals(server.keyspace.arena.usedBytes, bytesAtStart);
});
