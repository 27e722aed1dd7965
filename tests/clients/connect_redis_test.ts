// express-session's store in Redis, connect-redis, on node-redis: sessions of a web application.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { RedisStore } from "connect-redis";
import session from "express-session";
import { createClient } from "redis";
import { onEitherServer } from "../harness/either_server.ts";

type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/** What the pages below keep of a visitor. */
interface Visitor {
  views?: number;
  destroy(done: () => void): void;
}

const connect = (port: number) =>
  createClient({ url: `redis://127.0.0.1:${port}` }).on("error", () => {}).connect();

/** A store's cookie that ends in so many seconds. */
const cookie = (seconds: number) => ({
  originalMaxAge: seconds * 1000,
  expires: new Date(Date.now() + seconds * 1000),
});

onEitherServer("connect-redis: set, get, touch, ids, all, length, destroy, clear", async (port) => {
  const client = await connect(port);
  const store = new RedisStore({ client, prefix: "app:", ttl: 1000, scanCount: 10 });
  await client.set("other:key", "not a session");
  const value = { name: "Ünal", cart: [1, 2], cookie: cookie(60) };
  await store.set("one", value);
  await store.set("two", { name: "without a cookie" });
  assertEquals(await store.get("one"), JSON.parse(JSON.stringify(value)));
  assertEquals(await store.get("none"), null);
  const left = await client.ttl("app:one");
  assert(left > 50 && left <= 60, `${left}`);
  await store.touch("one", { cookie: cookie(3600) });
  assert(await client.ttl("app:one") > 3000);
  assert(await client.ttl("app:two") > 900);
  for (let i = 0; i < 300; i++) await store.set(`many${i}`, { i });
  assertEquals(await store.length(), 302);
  const ids: string[] = await store.ids();
  assertEquals(ids.length, 302);
  assert(ids.includes("one") && ids.includes("many299"));
  const all: { id: string; name?: string }[] = await store.all();
  assertEquals(all.length, 302);
  assertEquals(all.find(({ id }) => id === "one")?.name, "Ünal");
  await store.destroy("one");
  assertEquals(await store.get("one"), null);
  await store.set("two", { cookie: cookie(-5) });
  assertEquals(await client.exists("app:two"), 0);
  await store.clear();
  assertEquals(await store.length(), 0);
  assertEquals(await client.keys("*"), ["other:key"]);
  await client.close();
});

onEitherServer("express-session: a visitor is known again, until logging out", async (port) => {
  const client = await connect(port);
  const sessions: Middleware = session({
    store: new RedisStore({ client }),
    secret: "for this test alone",
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 600_000 },
  });
  const server = createServer((request, response) => {
    sessions(request, response, () => {
      const { session } = request as IncomingMessage & { session: Visitor };
      if (request.url === "/logout") return session.destroy(() => response.end("bye"));
      session.views = (session.views ?? 0) + 1;
      response.end(`views: ${session.views}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: http } = server.address() as { port: number };
  const visit = async (path: string, cookie = ""): Promise<[text: string, cookie: string]> => {
    const headers = { cookie, connection: "close" };
    const response = await fetch(`http://127.0.0.1:${http}${path}`, { headers });
    const given = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return [await response.text(), given];
  };
  try {
    const [first, ann] = await visit("/");
    assertEquals(first, "views: 1");
    assertStringIncludes(ann, "connect.sid=");
    assertEquals(await visit("/", ann), ["views: 2", ann]);
    const [, bob] = await visit("/");
    assert(bob !== ann);
    assertEquals(await visit("/", ann), ["views: 3", ann]);
    const keys = await client.keys("sess:*");
    assertEquals(keys.length, 2);
    const left = await client.ttl(keys[0]);
    assert(left > 500 && left <= 600, `${left}`);
    assertEquals(await visit("/logout", ann), ["bye", ann]);
    assertEquals((await client.keys("sess:*")).length, 1);
    assertEquals((await visit("/", ann))[0], "views: 1");
    assertEquals((await visit("/", bob))[0], "views: 2");
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await client.close();
  }
});
