/**
 * What a server of its own costs a test file: fifty tests of vitest with ioredis, once with a server
 * that the file starts and stops, once with a redis-server that runs already and is shared. Every
 * test begins with an empty database.
 */

import { ServerProcess } from "../server_processes.ts";
import { median } from "../statistics.ts";
import type { Figure } from "./figure.ts";
import { type Bench, inTurns } from "./package_bench.ts";

/** Ten tests of common uses, five times. */
const SUITE = `
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Redis } from "ioredis";

export function suite(open) {
  const startedMs = performance.now();
  let opened;
  let redis;
  beforeAll(async () => {
    opened = await open();
    redis = new Redis(opened.url);
  });
  beforeEach(() => redis.flushall());
  afterAll(async () => {
    await redis.quit();
    await opened.close();
    console.log("FILE_MS=" + (performance.now() - startedMs));
  });

  describe.each([1, 2, 3, 4, 5])("round %i", (round) => {
    test("strings", async () => {
      await redis.set("k", "v" + round);
      expect(await redis.get("k")).toBe("v" + round);
    });
    test("counters", async () => {
      await Promise.all(Array.from({ length: 20 }, () => redis.incr("n")));
      expect(await redis.get("n")).toBe("20");
    });
    test("hashes", async () => {
      await redis.hset("user", { name: "Ada", born: "1815" });
      expect(await redis.hgetall("user")).toEqual({ name: "Ada", born: "1815" });
    });
    test("lists as queues", async () => {
      await redis.rpush("jobs", "a", "b", "c");
      expect(await redis.lpop("jobs")).toBe("a");
      expect(await redis.llen("jobs")).toBe(2);
    });
    test("sets", async () => {
      await redis.sadd("tags", "x", "y", "x");
      expect((await redis.smembers("tags")).sort()).toEqual(["x", "y"]);
    });
    test("a table of scores", async () => {
      await redis.zadd("scores", 3, "c", 1, "a", 2, "b");
      expect(await redis.zrange("scores", 0, -1)).toEqual(["a", "b", "c"]);
    });
    test("expiry", async () => {
      await redis.set("session", "s", "EX", 60);
      expect(await redis.ttl("session")).toBeGreaterThan(0);
    });
    test("transactions", async () => {
      const replies = await redis.multi().set("a", "1").incr("a").exec();
      expect(replies[1][1]).toBe(2);
    });
    test("pipelines", async () => {
      const pipeline = redis.pipeline();
      for (let i = 0; i < 100; i++) pipeline.set("k" + i, String(i));
      expect(await pipeline.exec()).toHaveLength(100);
      expect(await redis.dbsize()).toBe(100);
    });
    test("scripts", async () => {
      expect(await redis.eval("return redis.call('INCRBY', KEYS[1], ARGV[1])", 1, "n", 5)).toBe(5);
    });
  });
}
`;

const OWN = `
import { serve } from "ravel-server";
import { suite } from "./suite.mjs";

suite(async () => {
  const server = await serve();
  return { url: server.url, close: () => server.stop() };
});
`;

const SHARED = `
import { suite } from "./suite.mjs";

suite(() => ({ url: process.env.SHARED_URL, close() {} }));
`;

/** Vitest's own command line, which every runtime can run. */
const VITEST = "node_modules/vitest/vitest.mjs";

interface Sample {
  /** Of the whole command. */
  readonly runMs: number;
  /** From the file's first line to the end of its last test and server. */
  readonly fileMs: number;
}

const VARIANTS = ["own", "shared"] as const;
type Variant = typeof VARIANTS[number];

export async function measureVitest(bench: Bench): Promise<Figure[]> {
  const { options, project, runtimes } = bench;
  await project.write({
    "vitest/suite.mjs": SUITE,
    "vitest/own.test.mjs": OWN,
    "vitest/shared.test.mjs": SHARED,
  });
  await using redis = await ServerProcess.start("redis");
  const node = runtimes.find(({ name }) => name !== "Bun")!;
  const env = { SHARED_URL: `redis://127.0.0.1:${redis.port}` };
  const run = async (variant: Variant): Promise<Sample> => {
    const startedMs = performance.now();
    const args = [VITEST, "run", "--root", "vitest", `${variant}.test.mjs`];
    const { code, stdout, stderr } = await project.run(node.program, args, { env });
    const runMs = performance.now() - startedMs;
    const fileMs = /FILE_MS=([\d.]+)/.exec(stdout)?.[1];
    if (code !== 0 || fileMs === undefined || !/50 passed/.test(stdout)) {
      throw new Error(`vitest ${variant}: ${stdout}${stderr}`);
    }
    bench.log(
      `vitest, ${variant}: ${runMs.toFixed(0)} ms, the file ${Number(fileMs).toFixed(0)} ms`,
    );
    return { runMs, fileMs: Number(fileMs) };
  };
  // The first run fills vitest's caches.
  for (const variant of VARIANTS) await run(variant);
  const samples = await inTurns(options.rounds, VARIANTS, run);
  const figure = (field: keyof Sample, what: string): Figure => {
    const middle = (variant: Variant) => median(samples.get(variant)!.map((it) => it[field]));
    return {
      what,
      on: node.name,
      unit: "ms",
      value: middle("own"),
      beside: { what: "redis-server", value: middle("shared") },
    };
  };
  return [
    {
      ...figure("runMs", "vitest run of 50 tests with a server"),
      goal: { kind: "at most", limit: 1.3 },
    },
    figure("fileMs", "of it imports, tests and server"),
  ];
}
