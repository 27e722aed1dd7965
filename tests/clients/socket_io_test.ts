// Socket.IO servers behind one address, joined by @socket.io/redis-adapter: what is emitted on one
// reaches the browsers of all. Browsers are stood for by WebSockets that speak Engine.IO by hand.

import { assertEquals } from "@std/assert";
import { createServer } from "node:http";
import { createAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { Server } from "socket.io";
import { Inbox } from "../harness/inbox.ts";
import { onEitherServer } from "../harness/either_server.ts";
import { until } from "../harness/until.ts";

/** Engine.IO's packets, then Socket.IO's behind Engine.IO's "message". */
const [OPEN, PING, PONG, CONNECT, EVENT] = ["0", "2", "3", "40", "42"];

/** A visitor's page: it joins the room of its name, and keeps the events that reach it. */
class Page {
  readonly events = new Inbox<unknown[]>();
  readonly #socket: WebSocket;
  #sid = "";

  private constructor(port: number, room: string) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    this.#socket.onmessage = ({ data }) => this.#received(String(data), room);
  }

  static async open(port: number, room: string): Promise<Page> {
    const page = new Page(port, room);
    await until("the page has connected", () => page.#sid !== "");
    return page;
  }

  get sid(): string {
    return this.#sid;
  }

  emit(...event: unknown[]): void {
    this.#socket.send(EVENT + JSON.stringify(event));
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.onclose = () => resolve();
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.close();
    await promise;
  }

  #received(packet: string, room: string): void {
    if (packet.startsWith(EVENT)) this.events.add(JSON.parse(packet.slice(EVENT.length)));
    else if (packet.startsWith(CONNECT)) {
      const { sid } = JSON.parse(packet.slice(CONNECT.length));
      this.emit("enter", room);
      this.#sid = sid;
    } else if (packet.startsWith(OPEN)) this.#socket.send(CONNECT);
    else if (packet === PING) this.#socket.send(PONG);
  }
}

type AdapterMaker = ReturnType<typeof createAdapter | typeof createShardedAdapter>;

/** Two connections for one adapter, and how they end. */
interface Connections {
  readonly adapter: AdapterMaker;
  close(): Promise<void>;
}

/** One process of the application. */
class AppNode {
  readonly #http = createServer();
  readonly io: Server;
  readonly heard = new Inbox<unknown[]>();

  private constructor(readonly connections: Connections) {
    this.io = new Server(this.#http, { adapter: connections.adapter });
    this.io.on("connection", (socket) => {
      socket.on("enter", (room: string) => void socket.join(room));
      socket.on("say", (room: string, text: string) => void socket.to(room).emit("said", text));
    });
    this.io.on("note", (...words: unknown[]) => this.heard.add(words));
    this.io.on("sum", (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
  }

  static async start(connections: Connections): Promise<AppNode> {
    const node = new AppNode(connections);
    await new Promise<void>((resolve) => node.#http.listen(0, "127.0.0.1", resolve));
    return node;
  }

  get port(): number {
    return (this.#http.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    await this.io.close();
    await this.connections.close();
  }
}

async function withTwoNodes(
  connect: () => Promise<Connections>,
  subscribed: () => Promise<void>,
  body: (one: AppNode, two: AppNode) => Promise<void>,
): Promise<void> {
  const nodes = [await AppNode.start(await connect()), await AppNode.start(await connect())];
  try {
    await subscribed();
    await body(nodes[0], nodes[1]);
  } finally {
    for (const node of nodes) await node.close();
  }
}

/** With clients of node-redis and of ioredis; by channels with patterns, and by shard channels. */
const KINDS: Record<string, (port: number) => Promise<Connections>> = {
  "node-redis": async (port) => {
    const { pub, sub, close } = await nodeRedis(port);
    return { adapter: createAdapter(pub, sub), close };
  },
  "ioredis": (port) => {
    const { pub, sub, close } = ioredis(port);
    return Promise.resolve({ adapter: createAdapter(pub, sub), close });
  },
  "node-redis, sharded": async (port) => {
    const { pub, sub, close } = await nodeRedis(port);
    return { adapter: createShardedAdapter(pub, sub), close };
  },
  "ioredis, sharded": (port) => {
    const { pub, sub, close } = ioredis(port);
    return Promise.resolve({ adapter: createShardedAdapter(pub, sub), close });
  },
};

async function nodeRedis(port: number) {
  const pub = createClient({ url: `redis://127.0.0.1:${port}` }).on("error", () => {});
  const sub = pub.duplicate().on("error", () => {});
  await Promise.all([pub.connect(), sub.connect()]);
  const close = async (): Promise<void> => {
    await Promise.all([pub.close(), sub.close()]);
  };
  return { pub, sub, close };
}

function ioredis(port: number) {
  const pub = new Redis({ port, host: "127.0.0.1" });
  const sub = pub.duplicate();
  const close = async (): Promise<void> => {
    await Promise.all([pub.quit(), sub.quit()]);
  };
  return { pub, sub, close };
}

for (const [kind, connect] of Object.entries(KINDS)) {
  onEitherServer(`@socket.io/redis-adapter on ${kind}: two servers act as one`, async (port) => {
    const observer = new Redis({ port, host: "127.0.0.1" });
    const word = kind.includes("sharded") ? "SHARDCHANNELS" : "CHANNELS";
    const channels = word === "CHANNELS" ? 4 : 3;
    const subscribed = (): Promise<void> =>
      until("both have subscribed", async () => {
        const names = await observer.call("PUBSUB", word) as string[];
        return names.length === channels;
      });
    const pages: Page[] = [];
    try {
      await withTwoNodes(() => connect(port), subscribed, async (one, two) => {
        pages.push(
          await Page.open(one.port, "red"),
          await Page.open(two.port, "red"),
          await Page.open(two.port, "blue"),
        );
        await events(one, two, pages);
        await Promise.all(pages.map((page) => page.close()));
        await until("both know", async () => (await one.io.fetchSockets()).length === 0);
      });
    } finally {
      await Promise.all(pages.map((page) => page.close()));
      observer.disconnect();
    }
  });
}

/** What an application does with its sockets, whichever server they are on. */
async function events(one: AppNode, two: AppNode, [ann, bob, cy]: readonly Page[]): Promise<void> {
  await until(
    "the rooms are entered",
    async () =>
      (await one.io.in("red").fetchSockets()).length === 2 &&
      (await one.io.in("blue").fetchSockets()).length === 1,
  );
  one.io.emit("news", { text: "värld", n: [1, 2.5, null] });
  for (const page of [ann, bob, cy]) {
    assertEquals(await page.events.take(1), [["news", { text: "värld", n: [1, 2.5, null] }]]);
  }
  one.io.to("blue").emit("blue only", 1);
  assertEquals(await cy.events.take(1), [["blue only", 1]]);
  ann.emit("say", "red", "hello");
  assertEquals(await bob.events.take(1), [["said", "hello"]]);
  cy.emit("say", "red", "from blue");
  assertEquals(await ann.events.take(1), [["said", "from blue"]]);
  assertEquals(await bob.events.take(1), [["said", "from blue"]]);
  one.io.except("red").emit("not red", 2);
  assertEquals(await cy.events.take(1), [["not red", 2]]);

  const sockets = (await two.io.fetchSockets()).map((socket) => socket.id);
  assertEquals(sockets.toSorted(), [ann.sid, bob.sid, cy.sid].toSorted());
  two.io.in(ann.sid).socketsJoin("green");
  await until(
    "ann is in green too",
    async () => (await two.io.in("green").fetchSockets())[0]?.id === ann.sid,
  );
  two.io.to("green").emit("green only");
  assertEquals(await ann.events.take(1), [["green only"]]);
  one.io.in("red").socketsLeave("red");
  await until("red is empty", async () => (await one.io.in("red").fetchSockets()).length === 0);

  one.io.serverSideEmit("note", "for the others", 3);
  assertEquals(await two.heard.take(1), [["for the others", 3]]);
  assertEquals(one.heard.items, []);
  assertEquals(await one.io.serverSideEmitWithAck("sum", 40, 2), [42]);
  for (const page of [ann, bob, cy]) assertEquals(page.events.items, []);
}
