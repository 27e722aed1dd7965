// Too few descriptors for all who want to connect: maxclients follows the limit, and nothing that
// needs a descriptor ends the process.

import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { DescriptorBudget } from "../../server/clients/descriptor_budget.ts";
import { process } from "../../server/platform/platform.ts";
import { ServerLog } from "../../server/report/log.ts";
import { Config } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { ServerProcess } from "../harness/server_process.ts";
import { until } from "../harness/until.ts";

const REGISTRY = new URL("../../commands/registry.ts", import.meta.url);
const LIMIT = 160;
/** What the server keeps of them for itself. */
const RESERVED = 32;
const isPosix = Deno.build.os !== "windows";

function budgetOf(limit: number | undefined, free?: boolean): [DescriptorBudget, Config, string[]] {
  const lines: string[] = [];
  const sink = (line: string) => lines.push(line);
  const log = new ServerLog({ level: "notice", format: "text", file: "", sink });
  const config = new Config();
  const runtime = { ...process, descriptorLimit: () => limit, hasFreeDescriptors: () => free };
  return [new DescriptorBudget(config, log, runtime), config, lines];
}

Deno.test("maxclients is lowered at the start to what a known limit allows, with one line", () => {
  const cases: readonly (readonly [limit: number | undefined, maxClients: number])[] = [
    [undefined, 10_000],
    [1_048_576, 10_000],
    [10_032, 10_000],
    [10_031, 9_999],
    [1024, 992],
    [20, 1],
  ];
  for (const [limit, maxClients] of cases) {
    const [budget, config, lines] = budgetOf(limit);
    budget.fitMaxClients();
    assertEquals(config.maxClients, maxClients, String(limit));
    assertEquals(lines.length, maxClients === 10_000 ? 0 : 1);
  }
});

Deno.test("maxclients cannot be raised past a known limit", () => {
  const [budget, config] = budgetOf(1024);
  config.set("maxclients", "993");
  assertEquals(
    budget.refusal(),
    "The operating system is not able to handle the specified number of clients, try with 992",
  );
  config.set("maxclients", "992");
  assertEquals(budget.refusal(), undefined);
});

Deno.test("a limit that shows itself lowers maxclients, once, and not for few clients", () => {
  const [budget, config, lines] = budgetOf(undefined);
  budget.ranOut(20);
  assertEquals(config.maxClients, 10_000);
  budget.ranOut(200);
  budget.ranOut(200);
  budget.ranOut(201);
  assertEquals([config.maxClients, lines.length], [200 - RESERVED, 1]);
});

Deno.test("a Worker starts where descriptors are free, or none is known to be missing", () => {
  const answers: readonly (readonly [free: boolean | undefined, start: boolean])[] = [
    [true, true],
    [false, false],
    [undefined, true],
  ];
  for (const [free, start] of answers) {
    const [budget] = budgetOf(undefined, free);
    assertEquals(budget.mayStartWorker(), start);
    budget.ranOut(3);
    assertEquals(budget.mayStartWorker(), false);
    budget.accepted();
    assertEquals(budget.mayStartWorker(), start);
  }
});

/** Lets a few keys suffice for a Worker, and tells how many run. */
const PLUGIN = `
import { register } from "${REGISTRY}";
register({
  name: "eager", arity: 1, complexity: "O(1)", group: "server", since: "1.0.0",
  summary: "Starts Workers early.", flags: [],
  run({ keyspace: { lazyFree }, reply }) {
    lazyFree.limits.blocksBeforeWorker = lazyFree.limits.sliceBlocks = 100;
    reply.integer(lazyFree.workers);
  },
});
`;

async function fill(peer: Peer): Promise<void> {
  for (let i = 0; i < 20_000; i++) peer.queue("SET", `key:${i}`, "a value that is not packed away");
  await peer.flush();
  for (let i = 0; i < 20_000; i++) assertEquals(await peer.receive(), "+OK\r\n");
}

async function freeAll(peer: Peer): Promise<void> {
  assertEquals(await peer.ask("FLUSHALL", "ASYNC"), "+OK\r\n");
  await until("all is freed", async () => {
    return (await peer.ask("INFO", "memory")).includes("lazyfree_pending_objects:0\r\n");
  });
}

Deno.test({
  name: "with every descriptor in use FLUSHALL ASYNC frees without a Worker, and all are served",
  ignore: !isPosix,
  async fn() {
    const plugin = await Deno.makeTempFile({ suffix: ".ts" });
    try {
      await Deno.writeTextFile(plugin, PLUGIN);
      await using server = new ServerProcess(["--plugin", plugin], {
        permissions: ["--allow-net", "--allow-read"],
        setup: `ulimit -n ${LIMIT}`,
      });
      const port = await server.port();
      using peer = await Peer.connect(port);
      await peer.ask("EAGER");
      await fill(peer);
      using crowd = new DisposableStack();
      for (let i = 0; i < LIMIT; i++) {
        crowd.use(await Deno.connect({ hostname: "127.0.0.1", port }));
      }
      await server.linesUntil(/the process has no descriptor left/);
      const [, , , , maxClients] = (await peer.ask("CONFIG", "GET", "maxclients")).split("\r\n");
      assertLess(Number(maxClients), LIMIT - RESERVED);
      assertGreaterOrEqual(Number(maxClients), RESERVED);
      await freeAll(peer);
      assertEquals(await peer.ask("EAGER"), ":0\r\n");
      // Once there are descriptors again, those who waited are told that the server is full.
      crowd.dispose();
      await until("a newcomer is served", async () => {
        using late = await Peer.connect(port);
        return await late.ask("PING").catch(() => "") === "+PONG\r\n";
      });
      await fill(peer);
      await freeAll(peer);
      assertEquals(await peer.ask("EAGER"), ":1\r\n");
      server.signal("SIGTERM");
      assertEquals((await server.ended()).code, 0);
    } finally {
      await Deno.remove(plugin);
    }
  },
});

Deno.test({
  name: "a server that may know its limit lowers maxclients at the start",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = new ServerProcess([], {
      permissions: ["--allow-all"],
      setup: `ulimit -n ${LIMIT}`,
    });
    const port = Number(/:(\d+)$/m.exec((await server.linesUntil(/listening on/)).join("\n"))?.[1]);
    using peer = await Peer.connect(port);
    const most = LIMIT - RESERVED;
    const get = ["CONFIG", "GET", "maxclients"];
    assertEquals(await peer.ask(...get), `*2\r\n$10\r\nmaxclients\r\n$3\r\n${most}\r\n`);
    assertEquals(
      await peer.ask("CONFIG", "SET", "maxclients", String(most + 1)),
      "-ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating system " +
        `is not able to handle the specified number of clients, try with ${most}\r\n`,
    );
    assertEquals(await peer.ask(...get), `*2\r\n$10\r\nmaxclients\r\n$3\r\n${most}\r\n`);
  },
});
