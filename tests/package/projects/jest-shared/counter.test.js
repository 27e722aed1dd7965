const { Redis } = require("ioredis");

test("a counter counts", async () => {
  const redis = new Redis(process.env.REDIS_URL);
  expect(await redis.incr("counter.test:n")).toBe(1);
  redis.disconnect();
});
