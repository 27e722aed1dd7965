import assert from "node:assert/strict";
import { test } from "node:test";
import { Redis } from "ioredis";
import { serve } from "ravel-server";

const greet = {
  name: "greet",
  arity: 2,
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "Greets whom you name.",
  flags: ["fast"],
  run: ({ args, reply }) => reply.bulk(`Hello, ${args.text(1)}!`),
};

test("a command of one's own", async (t) => {
  const server = await serve({ plugins: [greet] });
  t.after(() => server.stop());
  const redis = new Redis(server.url);
  t.after(() => redis.disconnect());
  assert.equal(await redis.call("GREET", "Ann"), "Hello, Ann!");
});
