// redis-benchmark, unchanged: it asks for the configuration, then sends as fast as it can.

import { assertEquals, assertMatch } from "@std/assert";
import { runProgram, without } from "../harness/program.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const TESTS = "ping,set,get,incr,mset";
const REQUESTS = 10_000;

const RUNS: readonly (readonly [name: string, options: readonly string[]])[] = [
  ["one request at a time", []],
  ["16 deep pipelines", ["-P", "16"]],
  ["RESP3, random keys and large values", ["-3", "-r", "1000", "-d", "5000", "-P", "4"]],
];

for (const [name, options] of RUNS) {
  Deno.test({
    name: `redis-benchmark: ${name}`,
    ignore: without("redis-benchmark"),
    async fn() {
      await using server = await serveQuietly();
      const port = String(server.address.port);
      const { code, stdout, stderr } = await runProgram("redis-benchmark", [
        ...["-p", port, "-t", TESTS, "-n", String(REQUESTS), "-c", "20", "-q"],
        ...options,
      ]);
      assertEquals([code, stderr], [0, ""], stdout);
      for (const test of ["PING_INLINE", "PING_MBULK", "PING_MBULK", "SET", "GET", "INCR"]) {
        assertMatch(stdout, new RegExp(`^${test}: [\\d.]+ requests per second`, "m"));
      }
      assertMatch(stdout, /^MSET \(10 keys\): [\d.]+ requests per second/m);
      assertEquals(server.stats.errorReplies, 0, [...server.stats.errorKinds.keys()].join());
      // Its last replies of a pipeline may be more than it asked for, never fewer.
      assertEquals(server.stats.commandsProcessed >= 6 * REQUESTS, true);
      server.keyspace.arena.verify();
    },
  });
}
