// CONFIG SET port and bind: the server moves, its clients stay.

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const REFUSED_BIND = "-ERR CONFIG SET failed (possibly related to argument 'bind') - " +
  "Failed to bind to specified addresses.\r\n";

/** A port that nobody listens on; another program could take it, and then the test fails. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function ping(port: number, hostname?: string): Promise<string> {
  using peer = await Peer.connect(port, hostname);
  return await peer.ask("PING");
}

function refused(port: number, hostname?: string): Promise<Error> {
  return assertRejects(() => Peer.connect(port, hostname), Deno.errors.ConnectionRefused);
}

Deno.test("CONFIG SET port moves the server and keeps its clients", async () => {
  await using server = await serveQuietly();
  const before = server.address.port;
  using peer = await Peer.connect(before);
  const port = freePort();
  assertEquals(await peer.ask("CONFIG", "SET", "port", String(port)), "+OK\r\n");
  assertEquals(server.address.port, port);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  assertEquals(await ping(port), "+PONG\r\n");
  await refused(before);
  assertMatch(await peer.ask("INFO", "server"), new RegExp(`tcp_port:${port}\r\n`));
  // The same again changes nothing.
  assertEquals(await peer.ask("CONFIG", "SET", "port", String(port)), "+OK\r\n");
  assertEquals(await ping(port), "+PONG\r\n");
});

Deno.test("a port in use is refused, and the server stays where it was", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({ onLogLine: (line) => lines.push(line) });
  await using other = await serveQuietly();
  const { port } = server.address;
  using peer = await Peer.connect(port);
  for (let i = 0; i < 3; i++) {
    assertEquals(
      await peer.ask("CONFIG", "SET", "hz", "50", "port", String(other.address.port)),
      "-ERR CONFIG SET failed (possibly related to argument 'port') - " +
        "Unable to listen on this port. Check server logs.\r\n",
    );
  }
  assertEquals(server.address.port, port);
  assertEquals(await ping(port), "+PONG\r\n");
  assertEquals(server.config.hz, 10);
  assertEquals(await peer.ask("CONFIG", "GET", "port"), "*2\r\n$4\r\nport\r\n$1\r\n0\r\n");
  assertEquals(lines.some((line) => line.includes("# cannot listen error=")), true);
});

Deno.test("CONFIG SET bind opens what is new, keeps what is there, closes the rest", async () => {
  await using server = await serveQuietly({ bind: ["127.0.0.1", "127.0.0.2"] });
  const { port } = server.address;
  using peer = await Peer.connect(port);
  assertEquals(await peer.ask("CONFIG", "SET", "bind", "127.0.0.3 127.0.0.1"), "+OK\r\n");
  assertEquals(server.addresses.map(({ hostname }) => hostname), ["127.0.0.3", "127.0.0.1"]);
  assertEquals(server.addresses.map((address) => address.port), [port, port]);
  for (const hostname of ["127.0.0.1", "127.0.0.3"]) {
    assertEquals(await ping(port, hostname), "+PONG\r\n");
  }
  await refused(port, "127.0.0.2");
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
});

Deno.test("addresses that overlap replace each other, both ways", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using peer = await Peer.connect(port);
  assertEquals(await peer.ask("CONFIG", "SET", "bind", "127.0.0.1"), "+OK\r\n");
  const [address, ...others] = server.addresses;
  assertEquals([address.hostname, address.port, others.length], ["127.0.0.1", port, 0]);
  assertEquals(await ping(port, "127.0.0.1"), "+PONG\r\n");
  await refused(port, "127.0.0.2");
  assertEquals(await peer.ask("CONFIG", "SET", "bind", "* ::*"), "+OK\r\n");
  assertEquals(await ping(port, "127.0.0.2"), "+PONG\r\n");
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
});

Deno.test("an address that cannot be bound is refused, and the server listens where it did", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using peer = await Peer.connect(port);
  // The second overlaps with what is open, which is closed for it and opened again.
  for (const bind of ["192.0.2.200", "127.0.0.1 192.0.2.200", "-192.0.2.200"]) {
    assertEquals(await peer.ask("CONFIG", "SET", "bind", bind), REFUSED_BIND, bind);
    assertEquals(await ping(port, "127.0.0.2"), "+PONG\r\n");
  }
  assertEquals(server.addresses.length, 1);
  assertEquals(await peer.ask("CONFIG", "SET", "bind", "-192.0.2.200 127.0.0.1"), "+OK\r\n");
  assertEquals(await ping(port, "127.0.0.1"), "+PONG\r\n");
  assertEquals(server.addresses.length, 1);
});

Deno.test("settings that change one behind the other are followed, the last of them last", async () => {
  await using server = await serveQuietly();
  const before = server.address.port;
  using peer = await Peer.connect(before);
  const port = freePort();
  peer.queue("CONFIG", "SET", "bind", "127.0.0.1");
  peer.queue("CONFIG", "SET", "bind", "127.0.0.2", "port", String(port));
  await peer.flush();
  assertEquals([await peer.receive(), await peer.receive()], ["+OK\r\n", "+OK\r\n"]);
  assertEquals(await ping(port, "127.0.0.2"), "+PONG\r\n");
  await refused(before);
});

Deno.test("where the new addresses cannot be had after all, the old ones are opened again", async () => {
  await using server = await serveQuietly({ bind: ["127.0.0.1"] });
  const { port } = server.address;
  using peer = await Peer.connect(port);
  using _ = Deno.listen({ hostname: "127.0.0.2", port });
  // Both this server and the other program are in the way of it.
  assertEquals(await peer.ask("CONFIG", "SET", "bind", "*"), REFUSED_BIND);
  assertEquals(await ping(port, "127.0.0.1"), "+PONG\r\n");
  assertEquals(server.addresses.map(({ hostname }) => hostname), ["127.0.0.1"]);
});

Deno.test("port and bind change together", async () => {
  await using server = await serveQuietly();
  const before = server.address.port;
  using peer = await Peer.connect(before);
  const port = freePort();
  const request = ["CONFIG", "SET", "bind", "127.0.0.1", "port", String(port)];
  assertEquals(await peer.ask(...request), "+OK\r\n");
  assertEquals(server.addresses.length, 1);
  assertEquals(await ping(port), "+PONG\r\n");
  await refused(before);
  await refused(port, "127.0.0.2");
});

Deno.test("several clients that move the server at once have it moved one after the other", async () => {
  await using server = await serveQuietly();
  await using other = await serveQuietly();
  const taken = String(other.address.port);
  const peers = await Promise.all([0, 1, 2, 3].map(() => Peer.connect(server.address.port)));
  const ports = peers.map(() => String(freePort()));
  // Every second one is refused, and puts back what the one before it has set, and nothing older.
  const replies = await Promise.all(peers.map(async (peer, i) => {
    peer.queue("CONFIG", "SET", "port", ports[i]);
    peer.queue("CONFIG", "SET", "hz", String(20 + i), "port", taken);
    peer.queue("CONFIG", "GET", "port");
    await peer.flush();
    return [await peer.receive(), await peer.receive(), await peer.receive()];
  }));
  for (const [moved, refused, told] of replies) {
    assertEquals(moved, "+OK\r\n");
    assertMatch(refused, /^-ERR CONFIG SET failed .*Unable to listen on this port/);
    assertMatch(told, new RegExp(`\r\n(${ports.join("|")})\r\n$`));
  }
  assertEquals(server.config.hz, 10);
  assertEquals(String(server.address.port), String(server.config.port));
  assertEquals(ports.includes(String(server.address.port)), true);
  assertEquals(await ping(server.address.port), "+PONG\r\n");
  for (const peer of peers) peer[Symbol.dispose]();
});

Deno.test("in a transaction the server moves too, and nobody sees a part of it", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using witness = await Peer.connect(server.address.port);
  const [first, second] = [String(freePort()), String(freePort())];
  for (
    const words of [
      ["MULTI"],
      ["SET", "step", "1"],
      ["CONFIG", "SET", "port", first],
      ["SET", "step", "2"],
      ["CONFIG", "SET", "port", second],
      ["CONFIG", "SET", "bind", "192.0.2.200"],
      ["INCR", "step"],
      ["EXEC"],
    ]
  ) {
    peer.queue(...words);
  }
  await peer.flush();
  const seen: string[] = [];
  for (let i = 0; i < 20; i++) seen.push(await witness.ask("GET", "step"));
  for (const reply of seen) assertMatch(reply, /^\$-1\r\n$|^\$1\r\n3\r\n$/);
  for (let i = 0; i < 7; i++) await peer.receive();
  assertEquals(
    await peer.receive(),
    `*6\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n${REFUSED_BIND}:3\r\n`,
  );
  assertEquals(await witness.ask("GET", "step"), "$1\r\n3\r\n");
  assertEquals(await ping(Number(second)), "+PONG\r\n");
  await refused(Number(first));
});

Deno.test("a client that is gone, and a server that stops, while it moves", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  {
    using peer = await Peer.connect(port);
    peer.queue("CONFIG", "SET", "bind", "127.0.0.1");
    await peer.flush();
  }
  assertEquals(await ping(port), "+PONG\r\n");
  using peer = await Peer.connect(port);
  peer.queue("CONFIG", "SET", "bind", "127.0.0.2", "port", String(freePort()));
  await peer.flush();
  await server.shutdown();
  await refused(port);
});
