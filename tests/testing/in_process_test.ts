// Connections without a socket: by the clients that people use, and by streams alone.

import { Buffer } from "node:buffer";
import { once } from "node:events";
import net from "node:net";
import { AbstractConnector, Redis } from "ioredis";
import { createClient } from "redis";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { serve, type TestServer } from "../../testing/mod.ts";
import { Peer } from "../harness/peer.ts";
import { until } from "../harness/until.ts";

/** ioredis without a socket, as docs/testing.md has it. */
function ioredis(server: TestServer, options: object = {}): Redis {
  class InProcess extends AbstractConnector {
    constructor() {
      super(0);
    }

    override connect() {
      this.connecting = true;
      return Promise.resolve(this.stream = server.connect());
    }
  }
  return new Redis({ Connector: InProcess, ...options });
}

/** Sends one request, and answers what comes until a reply of one line is whole. */
async function ask(stream: net.Socket, request: string): Promise<string> {
  stream.write(request + "\r\n");
  const [reply] = await once(stream, "data");
  return String(reply);
}

Deno.test("ioredis talks to a server without a socket", async () => {
  await using server = await serve({ listen: false });
  assertEquals(server.port, 0);
  const redis = ioredis(server);
  const subscriber = ioredis(server);
  try {
    assertEquals(await redis.set("k", "v"), "OK");
    assertEquals(await redis.get("k"), "v");
    const pipeline = redis.pipeline();
    for (let i = 0; i < 10_000; i++) pipeline.incr("n");
    const replies = await pipeline.exec();
    assertEquals(replies?.at(-1), [null, 10_000]);
    const large = Buffer.alloc(8 * 1024 * 1024, "x");
    await redis.set("large", large);
    assert((await redis.getBuffer("large"))!.equals(large));
    await subscriber.subscribe("news");
    const heard = once(subscriber, "message");
    await redis.publish("news", "hello");
    assertEquals(await heard, ["news", "hello"]);
    const waiting = subscriber.duplicate();
    const popped = waiting.blpop("q", 0);
    await server.settled();
    await redis.rpush("q", "x");
    assertEquals(await popped, ["q", "x"]);
    await waiting.quit();
  } finally {
    await redis.quit();
    subscriber.disconnect();
  }
});

Deno.test("node-redis does, where node:net is told to", async () => {
  await using server = await serve({ listen: false });
  const { createConnection } = net;
  net.createConnection = (() => server.connect()) as typeof createConnection;
  try {
    const client = createClient();
    await client.connect();
    assertEquals(await client.set("k", "v"), "OK");
    assertEquals(await client.get("k"), "v");
    const replies = await Promise.all(Array.from({ length: 1000 }, () => client.incr("n")));
    assertEquals(replies.at(-1), 1000);
    await client.close();
  } finally {
    net.createConnection = createConnection;
  }
});

Deno.test("a connection is shown as one from this machine", async () => {
  await using server = await serve();
  const first = server.connect();
  const second = server.connect();
  const line = await ask(first, "CLIENT INFO");
  assert(new RegExp(` addr=127\\.0\\.0\\.1:\\d+ laddr=127\\.0\\.0\\.1:${server.port} `).test(line));
  assertEquals(line.includes(` addr=127.0.0.1:${first.localPort} `), true);
  assertEquals([first.remoteAddress, first.remotePort], [server.host, server.port]);
  using peer = await Peer.connect(server.port);
  const closed = once(second, "close");
  assertEquals(await peer.ask("CLIENT", "KILL", "ADDR", `127.0.0.1:${second.localPort}`), ":1\r\n");
  await closed;
  first.end();
  await once(first, "close");
  await until(
    "it is gone",
    async () => (await peer.ask("CLIENT", "LIST")).match(/ addr=/g)!.length === 1,
  );
});

Deno.test("it counts against maxclients, and needs a password where there is one", async () => {
  await using server = await serve({ directives: { maxclients: "1", requirepass: "secret" } });
  const first = server.connect();
  assertStringIncludes(await ask(first, "GET k"), "NOAUTH");
  assertEquals(await ask(first, "AUTH secret"), "+OK\r\n");
  const second = server.connect();
  const [refusal] = await once(second, "data");
  assertStringIncludes(String(refusal), "max number of clients");
  await once(second, "close");
  first.destroy();
});

Deno.test("who does not read is not served, and the server holds no more than a bound", async () => {
  await using server = await serve();
  using peer = await Peer.connect(server.port);
  await peer.ask("SET", "k", "x".repeat(2000));
  const stream = server.connect();
  let requests = 0;
  while (stream.write("GET k\r\n".repeat(100))) requests += 100;
  await server.settled();
  const info = await peer.ask("INFO", "memory");
  const bytes = Number(info.match(/mem_clients_normal:(\d+)/)?.[1]);
  assert(bytes < 8_000_000, `${bytes} bytes for clients, after ${requests} requests`);
  let received = 0;
  stream.on("data", (chunk) => received += chunk.length);
  await once(stream, "drain");
  const expected = (requests + 100) * (2000 + "$2000\r\n\r\n".length);
  await until("all replies came", () => received === expected);
  stream.destroy();
});

Deno.test("many requests, one after the other, let timers of the process have their turn", async () => {
  await using server = await serve();
  const redis = ioredis(server);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  for (let i = 0; i < 2000; i++) await redis.incr("n");
  clearInterval(timer);
  assertEquals(await redis.get("n"), "2000");
  assert(ticks > 0);
  redis.disconnect();
});

Deno.test("a server that stops ends its connections, and one that has stopped takes none", async () => {
  const server = await serve();
  const idle = server.connect();
  const blocked = server.connect();
  blocked.write("BLPOP q 0\r\n");
  await server.settled();
  const closed = [once(idle, "close"), once(blocked, "close")];
  for (const stream of [idle, blocked]) stream.resume();
  await server.stop();
  await Promise.all(closed);
  const late = server.connect();
  late.resume();
  await once(late, "close");
});

Deno.test("what is written after the end fails, and does nothing else", async () => {
  await using server = await serve();
  const stream = server.connect();
  assertEquals(await ask(stream, "QUIT"), "+OK\r\n");
  await once(stream, "close");
  await assertRejects(() =>
    new Promise((_, reject) => stream.write("PING\r\n", (error) => error && reject(error)))
  );
});

const OFFLINE = `
import { serve } from "${new URL("../../testing/mod.ts", import.meta.url)}";
const server = await serve({ listen: false });
const stream = server.connect();
stream.write("PING\\r\\n");
stream.once("data", (bytes) => {
  console.log(String(bytes).trim(), server.port);
  stream.end();
});
`;

Deno.test("it needs no permission at all, and the process ends by itself", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/program.ts`, OFFLINE);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "program.ts"],
      cwd: folder,
    }).output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stdout), decoder.decode(stderr)], [0, "+PONG 0\n", ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
