import assert from "node:assert/strict";
import { test } from "node:test";
import { AbstractConnector, Redis } from "ioredis";
import { serve } from "ravel-server";

test("ioredis talks to a server that listens nowhere", async (t) => {
  const server = await serve({ listen: false });
  t.after(() => server.stop());

  class InProcess extends AbstractConnector {
    connect() {
      this.connecting = true;
      this.stream = server.connect();
      return Promise.resolve(this.stream);
    }
  }
  const redis = new Redis({ Connector: InProcess });
  t.after(() => redis.disconnect());
  assert.equal(await redis.set("k", "v"), "OK");
});
