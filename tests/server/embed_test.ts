// A server as a library: several in one process, and nothing left when they are disposed of. Deno's
// own checks for leaked resources and timers are what most of these tests rely on.

import { assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError, serve } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

Deno.test("a server answers at its address and is gone after its block", async () => {
  let port: number;
  {
    await using server = await serveQuietly();
    port = server.address.port;
    using peer = await Peer.connect(port);
    assertEquals(await peer.ask("SET", "k", "v"), "+OK\r\n");
    assertEquals(await peer.ask("GET", "k"), "$1\r\nv\r\n");
  }
  await assertRejects(() => Peer.connect(port), Deno.errors.ConnectionRefused);
});

Deno.test("servers in one process share no data, settings or counters", async () => {
  await using one = await serveQuietly({ directives: { requirepass: "secret" } });
  await using two = await serveQuietly();
  await using three = await serveQuietly();
  assertNotEquals(two.address.port, three.address.port);
  assertNotEquals(two.runId, three.runId);
  using first = await Peer.connect(one.address.port);
  using second = await Peer.connect(two.address.port);
  using third = await Peer.connect(three.address.port);
  assertEquals(await first.ask("GET", "k"), "-NOAUTH Authentication required.\r\n");
  assertEquals(await second.ask("SET", "k", "2"), "+OK\r\n");
  assertEquals(await third.ask("SET", "k", "3"), "+OK\r\n");
  assertEquals(await second.ask("GET", "k"), "$1\r\n2\r\n");
  assertEquals(await third.ask("GET", "k"), "$1\r\n3\r\n");
  assertEquals([two.stats.commandsProcessed, three.stats.commandsProcessed], [2, 2]);
});

Deno.test("stopping one server leaves the others in peace", async () => {
  await using stays = await serveQuietly();
  using peer = await Peer.connect(stays.address.port);
  for (let round = 0; round < 10; round++) {
    await using passing = await serveQuietly();
    using visitor = await Peer.connect(passing.address.port);
    assertEquals(await visitor.ask("SET", "k", String(round)), "+OK\r\n");
    assertEquals(await peer.ask("SET", "k", String(round)), "+OK\r\n");
  }
  assertEquals(await peer.ask("GET", "k"), "$1\r\n9\r\n");
});

Deno.test("what is wrong is thrown, and nothing stays open", async () => {
  await assertRejects(() => serveQuietly({ directives: { frobnicate: "1" } }), ConfigError);
  await assertRejects(() => serveQuietly({ directives: { port: "70000" } }), ConfigError);
  await using server = await serveQuietly({ bind: ["127.0.0.1"] });
  await assertRejects(
    () => serveQuietly({ bind: ["127.0.0.1"], port: server.address.port }),
    Deno.errors.AddrInUse,
  );
  // The first address could be opened and the second could not.
  await assertRejects(
    () => serveQuietly({ bind: ["127.0.0.1", "192.0.2.200"] }),
    Deno.errors.AddrNotAvailable,
  );
});

Deno.test("the log goes where the program wants it", async () => {
  const lines: string[] = [];
  {
    await using server = await serve({
      port: 0,
      directives: { loglevel: "verbose" },
      onLogLine: (line) => lines.push(line),
    });
    using peer = await Peer.connect(server.address.port);
    await peer.ask("PING");
  }
  assertStringIncludes(lines.join("\n"), "accepted client=");
  assertStringIncludes(lines.join("\n"), "stopped");
});

const OUTSIDE = `
import { serve } from "${new URL("../../server/mod.ts", import.meta.url)}";
await using server = await serve({ port: 0, directives: { loglevel: "debug" } });
const connection = await Deno.connect({ port: server.address.port });
await connection.write(new TextEncoder().encode("*1\\r\\n$4\\r\\nPING\\r\\n*x\\r\\n"));
const reply = new Uint8Array(7);
await connection.read(reply);
connection.close();
console.log(new TextDecoder().decode(reply).trim());
`;

Deno.test("a program of another folder imports it without any configuration, and its output is its own", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/program.ts`, OUTSIDE);
    const run = { args: ["run", "--quiet", "--allow-net", "program.ts"], cwd: folder };
    const outcome = await new Deno.Command(Deno.execPath(), run).output();
    const decoder = new TextDecoder();
    assertEquals(
      [outcome.code, decoder.decode(outcome.stdout), decoder.decode(outcome.stderr)],
      [0, "+PONG\n", ""],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("time and randomness come from the program", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now, randomInt: () => 3 } });
  assertEquals(server.startedAtMs, clock.nowMs);
  assertEquals(server.runId, "3".repeat(40));
  clock.nowMs += 5000;
  assertEquals(server.now(), clock.nowMs);
});

Deno.test("one dual-stack socket serves both families", async () => {
  await using server = await serveQuietly();
  for (const hostname of ["127.0.0.1", ...ipv6Loopback()]) {
    using peer = await Peer.connect(server.address.port, hostname);
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  }
});

Deno.test("several addresses share the port that the first one got", async () => {
  await using server = await serveQuietly({ bind: ["127.0.0.1", "127.0.0.2", "-192.0.2.200"] });
  for (const hostname of ["127.0.0.1", "127.0.0.2"]) {
    using peer = await Peer.connect(server.address.port, hostname);
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  }
});

/** `::1` where this machine has IPv6. */
function ipv6Loopback(): string[] {
  return Deno.networkInterfaces().map(({ address }) => address).filter((it) => it === "::1");
}
