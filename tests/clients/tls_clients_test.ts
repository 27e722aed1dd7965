// Programs of others over TLS and over a Unix socket.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { Certificates, freePort, withoutOpenssl } from "../harness/certificates.ts";
import { runProgram, without } from "../harness/program.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import type { Server } from "../../server/mod.ts";

interface Way {
  readonly server: Server;
  readonly port: number;
  readonly path: string;
  readonly certificates: Certificates;
}

function clientTest(name: string, needs: readonly string[], fn: (way: Way) => Promise<void>): void {
  Deno.test({
    name,
    ignore: withoutOpenssl || needs.some(without),
    async fn() {
      using certificates = new Certificates();
      const port = freePort();
      const path = `${certificates.directory}/s.sock`;
      await using server = await serveQuietly({
        bind: ["127.0.0.1"],
        directives: {
          "tls-port": String(port),
          unixsocket: path,
          requirepass: "secret",
          ...certificates.directives,
        },
      });
      await fn({ server, port, path, certificates });
      await until("all are gone", () => server.clients.size === 0);
    },
  });
}

clientTest("redis-cli --tls and -s", ["redis-cli"], async ({ port, path, certificates }) => {
  const { certFile } = certificates;
  const tls = ["--tls", "--cacert", certFile, "-p", String(port)];
  for (const way of [tls, ["--tls", "--insecure", "-p", String(port)], ["-s", path]]) {
    const cli = async (args: readonly string[], input = ""): Promise<string> => {
      const all = [...way, "-a", "secret", "--no-auth-warning", ...args];
      const { code, stdout, stderr } = await runProgram("redis-cli", all, input);
      assertEquals([code, stderr], [0, ""]);
      return stdout;
    };
    assertEquals(await cli(["SET", "k", "v"]), "OK\n");
    assertEquals(await cli(["GET", "k"]), "v\n");
    assertEquals(await cli([], "INCR n\nINCR n\nDEL n\n"), "1\n2\n1\n");
    assertStringIncludes(await cli(["--bigkeys"]), "Sampled 1 keys");
    assertMatch(await cli(["CLIENT", "INFO"]), way === tls ? /laddr=127.0.0.1:/ : /laddr=/);
  }
  // Whoever trusts somebody else does not come in, and the others stay.
  using strangers = new Certificates();
  const { code, stderr } = await runProgram("redis-cli", [
    ...["--tls", "--cacert", strangers.certFile, "-p", String(port), "PING"],
  ]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "certificate verify failed");
});

clientTest(
  "redis-benchmark --tls and -s",
  ["redis-benchmark"],
  async ({ port, path, certificates }) => {
    const tls = ["--tls", "--cacert", certificates.certFile, "-p", String(port)];
    for (const way of [tls, ["-s", path]]) {
      for (const pipeline of ["1", "16"]) {
        const { code, stdout } = await runProgram("redis-benchmark", [
          ...way,
          ...["-a", "secret", "-t", "set,get,lpush,lrange_100", "-n", "2000", "-c", "20"],
          ...["-P", pipeline, "-q"],
        ]);
        assertEquals(code, 0);
        assertMatch(stdout, /GET: [\d.]+ requests per second/);
      }
    }
  },
);

clientTest("ioredis over TLS and a Unix socket", [], async ({ port, path, certificates }) => {
  const secure = new Redis({
    host: "127.0.0.1",
    port,
    password: "secret",
    tls: { ca: certificates.pem },
  });
  const local = new Redis({ path, password: "secret" });
  assertEquals(await secure.set("k", "värde"), "OK");
  assertEquals(await local.get("k"), "värde");
  const pipeline = secure.pipeline();
  for (let i = 0; i < 1000; i++) pipeline.rpush("l", "x".repeat(100));
  assertEquals((await pipeline.exec())?.length, 1000);
  assertEquals((await secure.lrange("l", 0, -1)).length, 1000);
  const heard: string[] = [];
  local.on("message", (_, message) => heard.push(message));
  await local.subscribe("c");
  for (let i = 0; i < 10; i++) await secure.publish("c", String(i));
  await until("all has been heard", () => heard.length === 10);
  for (const client of [secure, local]) {
    const ended = new Promise((resolve) => client.once("end", resolve));
    await client.quit();
    await ended;
  }
});

clientTest("node-redis over TLS and a Unix socket", [], async ({ port, path, certificates }) => {
  const secure = createClient({
    url: `rediss://default:secret@127.0.0.1:${port}/2`,
    RESP: 3,
    socket: { tls: true, ca: certificates.pem },
  });
  const local = createClient({ socket: { path, tls: false }, password: "secret", database: 2 });
  await secure.connect();
  await local.connect();
  assertEquals(await secure.set("k", "v"), "OK");
  assertEquals(await local.get("k"), "v");
  assertEquals(String(await secure.multi().incr("n").incr("n").exec()), "1,2");
  await secure.close();
  await local.close();
});
