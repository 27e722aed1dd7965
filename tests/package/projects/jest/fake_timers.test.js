const { Redis } = require("ioredis");
const { serve } = require("ravel-server");

test("keys expire by jest's clock", async () => {
  const server = await serve();
  const redis = new Redis(server.url);
  // Without these no client of Redis gets its replies.
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
  await redis.set("code", "1234", "EX", 300);
  jest.advanceTimersByTime(300_000);
  expect(await redis.get("code")).toBeNull();
  jest.useRealTimers();
  await redis.quit();
  await server.stop();
});
