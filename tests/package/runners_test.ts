// Test runners of others, in a project that has the package installed from its tarball: each runs a
// file of tests as its users write them, with clients of Redis that they use.

import { assertEquals, assertMatch } from "@std/assert";
import { RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";

/** Tests that need the runner for nothing but `describe` and the like. */
const TESTS = `
import assert from "node:assert/strict";
import Queue from "bull";
import { Redis } from "ioredis";
import { serve } from "ravel-server";
import { createClient } from "redis";

describe("a server of its own", () => {
  let server;
  const clients = [];
  beforeAll(async () => {
    server = await serve();
  });
  // A test that has failed may have left them open.
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server.stop();
  });

  function connect(url) {
    const redis = new Redis(url);
    clients.push(redis);
    return redis;
  }

  test("ioredis", async () => {
    const redis = connect(server.url);
    await redis.set("k", "v", "EX", 60);
    assert.equal(await redis.get("k"), "v");
    assert.deepEqual(await redis.multi().incr("n").incr("n").exec(), [[null, 1], [null, 2]]);
    assert.equal(await redis.eval("return redis.call('GET', KEYS[1])", 1, "k"), "v");
  });

  test("node-redis in RESP3", async () => {
    const client = createClient({ url: server.url, RESP: 3 });
    await client.connect();
    await client.hSet("h", { a: "1", b: "2" });
    assert.deepEqual({ ...await client.hGetAll("h") }, { a: "1", b: "2" });
    const subscriber = client.duplicate();
    await subscriber.connect();
    let hear;
    const heard = new Promise((resolve) => hear = resolve);
    await subscriber.subscribe("news", hear);
    await client.publish("news", "hello");
    assert.equal(await heard, "hello");
    await subscriber.close();
    await client.close();
  });

  test("bull", async () => {
    const queue = new Queue("sums", server.url);
    queue.process(({ data }) => Promise.resolve(data.a + data.b));
    const job = await queue.add({ a: 1, b: 2 });
    assert.equal(await job.finished(), 3);
    await queue.close();
  });

  test("time that a test moves", async () => {
    const patient = await serve({ now: 0 });
    const redis = connect(patient.url);
    await redis.set("k", "v", "PX", 1000);
    await patient.advance(999);
    assert.equal(await redis.exists("k"), 1);
    await patient.advance(1);
    assert.equal(await redis.exists("k"), 0);
    redis.disconnect();
    await patient.stop();
  });

  test("a thread takes large values apart", async () => {
    const threaded = await serve({ directives: { "lazyfree-workers": "1" } });
    const redis = connect(threaded.url);
    const members = Array.from({ length: 20_000 }, (_, i) => "member:" + i);
    await redis.sadd("large", ...members);
    assert.equal(await redis.unlink("large"), 1);
    await threaded.settled();
    assert.match(await redis.info("memory"), /lazyfreed_objects:1\\r/);
    redis.disconnect();
    await threaded.stop();
  });
});
`;

/** A test of a runner that fakes the time, which `{fakes}` names. */
const FAKED = `
import assert from "node:assert/strict";
import { Redis } from "ioredis";
import { serve } from "ravel-server";

test("timers of a test that are faked", async () => {
  const server = await serve();
  const redis = new Redis(server.url);
  await redis.set("k", "v", "PX", 60_000);
  {fakes}.useFakeTimers();
  {fakes}.advanceTimersByTime(59_000);
  assert.equal(await redis.exists("k"), 1);
  {fakes}.advanceTimersByTime(1000);
  assert.equal(await redis.exists("k"), 0);
  {fakes}.useRealTimers();
  redis.disconnect();
  await server.stop();
});
`;

/** A test that finds the server of a global setup. */
const SHARED = `
import assert from "node:assert/strict";
import { Redis } from "ioredis";

test("a server that all files share", async () => {
  const redis = new Redis(process.env.REDIS_URL);
  assert.equal(await redis.ping(), "PONG");
  redis.disconnect();
});
`;

/** The same as a CommonJS module, by the changes of a few lines. */
function asCommonJs(module: string): string {
  return module
    .replaceAll(/^import (\{ .* \}|\w+) from (".*");$/gm, "const $1 = require($2);");
}

const VITEST = 'import { afterAll, beforeAll, describe, test, vi } from "vitest";\n';

interface Runner {
  /** Names of runtimes that it runs on. */
  readonly runs: RegExp;
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** What it prints when all went well. */
  readonly passed: RegExp;
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  "node --test": {
    runs: /^Node/,
    files: {
      "own.test.mjs":
        'import { after as afterAll, before as beforeAll, describe, test } from "node:test";\n' +
        TESTS,
    },
    args: ["--test", "--test-reporter=tap", "own.test.mjs"],
    passed: /^# pass 5$[^]*^# fail 0$/m,
  },
  vitest: {
    // It runs on no older one itself.
    runs: /^Node 2[24]/,
    files: {
      "own.test.js": VITEST + TESTS,
      "faked.test.js": VITEST + FAKED.replaceAll("{fakes}", "vi"),
      "shared.test.js": VITEST + SHARED,
      "vitest.config.mjs": 'export default { test: { globalSetup: "ravel-server/vitest" } };\n',
    },
    args: ["../node_modules/vitest/vitest.mjs", "run"],
    passed: /Tests +7 passed \(7\)/,
  },
  jest: {
    runs: /^Node/,
    files: {
      "own.test.js": asCommonJs(TESTS),
      "faked.test.js": asCommonJs(FAKED).replaceAll("{fakes}", "jest"),
      "shared.test.js": asCommonJs(SHARED),
      "jest.config.js": 'module.exports = { globalSetup: "ravel-server/jest" };\n',
    },
    args: ["../node_modules/jest/bin/jest.js"],
    passed: /^Tests: +7 passed, 7 total$/m,
  },
  "bun test": {
    runs: /^Bun/,
    files: {
      "own.test.js": 'import { afterAll, beforeAll, describe, test } from "bun:test";\n' + TESTS,
    },
    args: ["test"],
    passed: /^ *5 pass$[^]*^ *0 fail$/m,
  },
};

Deno.test({
  name: "the package in test runners",
  ignore: withoutInstallation,
  async fn(t) {
    await using project = await PackageProject.create();
    for (const [name, { args, files, passed, runs }] of Object.entries(RUNNERS)) {
      const folder = name.replace(/\W+/g, "-");
      await project.write(files, folder);
      for (const runtime of RUNTIMES.filter((it) => runs.test(it.name))) {
        await t.step(`${name} on ${runtime.name}`, async () => {
          const { code, stdout, stderr } = await project.run(runtime.program, args, { folder });
          assertMatch(stdout + stderr, passed);
          assertEquals(code, 0);
        });
      }
    }
  },
});
