const { serve } = require("ravel-server");
const { createClient } = require("redis");

let server;
let client;

beforeAll(async () => {
  server = await serve();
  client = await createClient({ url: server.url }).connect();
});
beforeEach(() => server.flush());
afterAll(async () => {
  await client.close();
  await server.stop();
});

test("a profile has a name", async () => {
  await client.hSet("profile:7", "name", "Ann");
  expect(await client.hGet("profile:7", "name")).toBe("Ann");
});
