// A server whose test has replaced all timers: it goes on serving, and its time is what the test says.

import FakeTimers from "@sinonjs/fake-timers";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { serve, type TestServer } from "../../testing/mod.ts";
import { Peer } from "../harness/peer.ts";

const START_MS = 1_700_000_000_000;

type Faked = ReturnType<typeof FakeTimers.install>;

/** Runs with Date, timers and microtasks replaced by such as go on only when they are told to. */
async function faked(run: (clock: Faked) => Promise<void>): Promise<void> {
  const { setTimeout } = globalThis;
  const clock = FakeTimers.install({
    now: START_MS,
    toFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "setImmediate",
      "clearImmediate",
      "queueMicrotask",
      "performance",
      "Date",
    ],
  });
  assertNotEquals(globalThis.setTimeout, setTimeout);
  try {
    await run(clock);
  } finally {
    clock.uninstall();
  }
}

async function hasLongPipeline(server: TestServer): Promise<void> {
  using peer = await Peer.connect(server.port);
  for (let i = 0; i < 20_000; i++) peer.queue("RPUSH", "list", "element", "another");
  await peer.flush();
  for (let i = 1; i <= 20_000; i++) assertEquals(await peer.receive(), `:${2 * i}\r\n`);
  assertEquals((await peer.ask("LRANGE", "list", "0", "-1")).length > 300_000, true);
}

Deno.test("a server that is started and stopped while everything is faked serves in between", () =>
  faked(async () => {
    await using server = await serve({ directives: { hz: "100" } });
    await hasLongPipeline(server);
    using subscriber = await Peer.connect(server.port);
    await subscriber.ask("SUBSCRIBE", "news");
    using peer = await Peer.connect(server.port);
    assertEquals(await peer.ask("PUBLISH", "news", "hello"), ":1\r\n");
    assertEquals(
      await subscriber.receive(),
      "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n",
    );
    // Blocked and served, in slices, by scripts, lazily.
    using waiting = await Peer.connect(server.port);
    await waiting.send("BLPOP q 0\r\n");
    await server.settled();
    assertEquals(await peer.ask("RPUSH", "q", "x"), ":1\r\n");
    assertEquals(await waiting.receive(), "*2\r\n$1\r\nq\r\n$1\r\nx\r\n");
    const script = "local n = 0 for i = 1, 3e6 do n = n + i end return n";
    assertEquals(await peer.ask("EVAL", script, "0"), ":4500001500000\r\n");
    await server.flush();
    assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  }));

Deno.test("a server that runs when everything is faked goes on, and its keys expire by the fake", async () => {
  await using server = await serve({ directives: { "notify-keyspace-events": "Ex" } });
  await faked(async (clock) => {
    await hasLongPipeline(server);
    using listener = await Peer.connect(server.port);
    await listener.ask("SUBSCRIBE", "__keyevent@0__:expired");
    using peer = await Peer.connect(server.port);
    await peer.ask("SET", "asked", "v", "PX", "1000");
    await peer.ask("SET", "unasked", "v", "PX", "1000");
    clock.tick(999);
    assertEquals(await peer.ask("PTTL", "asked"), ":1\r\n");
    clock.tick(1);
    assertEquals(await peer.ask("GET", "asked"), "$-1\r\n");
    // The tick goes by the time that really passes, and finds the other one.
    const heard = [await listener.receive(), await listener.receive()].join("");
    assert(heard.includes("$5\r\nasked") && heard.includes("$7\r\nunasked"), heard);
  });
});

Deno.test("who waits with a timeout is answered when the faked Date has passed it", async () => {
  await using server = await serve();
  await faked(async (clock) => {
    using waiting = await Peer.connect(server.port);
    using paused = await Peer.connect(server.port);
    using peer = await Peer.connect(server.port);
    await waiting.send("BLPOP q 3600\r\n");
    await server.settled();
    clock.setSystemTime(START_MS + 3_599_999);
    await server.settled();
    assertEquals((await peer.ask("INFO", "clients")).match(/blocked_clients:(\d)/)?.[1], "1");
    // No call of the server's is needed: its tick looks.
    clock.tick(1);
    assertEquals(await waiting.receive(), "*-1\r\n");
    assertEquals(await peer.ask("CLIENT", "PAUSE", "60000"), "+OK\r\n");
    await paused.send("PING\r\n");
    await server.settled();
    clock.tick(60_000);
    assertEquals(await paused.receive(), "+PONG\r\n");
  });
});

Deno.test("a Date that stands still lets nobody's timeout pass", async () => {
  await using server = await serve({ directives: { hz: "500" } });
  await faked(async (clock) => {
    using waiting = await Peer.connect(server.port);
    using peer = await Peer.connect(server.port);
    await waiting.send("BLPOP q 0.01\r\n");
    await server.settled();
    for (let i = 0; i < 20; i++) await server.settled();
    assertEquals((await peer.ask("INFO", "clients")).match(/blocked_clients:(\d)/)?.[1], "1");
    clock.tick(10);
    assertEquals(await waiting.receive(), "*-1\r\n");
  });
});

const FAKED_FIRST = `
import FakeTimers from "@sinonjs/fake-timers";
FakeTimers.install();
const { serve } = await import("./testing/mod.ts");
await serve().catch((error) => console.log(error.message));
`;

Deno.test("who fakes timers before importing the server is told so", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", FAKED_FIRST],
    cwd: new URL("../../", import.meta.url).pathname,
  }).output();
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(stderr), "");
  assert(decoder.decode(stdout).startsWith("the timers were faked before the server was imported"));
});
