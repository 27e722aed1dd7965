import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { serve } from "ravel-server";
import { createClient } from "redis";

test("node-redis talks to a server that listens nowhere", async (t) => {
  const server = await serve({ listen: false });
  t.after(() => server.stop());
  t.mock.method(net, "createConnection", () => server.connect());
  const client = await createClient().connect();
  t.after(() => client.close());
  assert.equal(await client.set("k", "v"), "OK");
});
