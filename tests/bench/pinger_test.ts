// The pinger against a true server, and against one that lies.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ControlClient } from "../../bench/load/control_client.ts";
import { Pinger } from "../../bench/load/pinger.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const hostname = "127.0.0.1";

Deno.test("a pinger measures while something else happens, as often as asked", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using client = await ControlClient.connect(hostname, port);
  using pinger = new Pinger();
  for (let round = 1; round <= 2; round++) {
    let counted: unknown;
    const latencies = await pinger.watch({ hostname, port, durationMs: 20 }, async () => {
      counted = await client.ask("INCR", "counter");
    });
    assertEquals(counted, round);
    assert(latencies.p999Ms > 0);
    assert(latencies.longestMs >= latencies.p999Ms);
  }
});

Deno.test("a pinger ends at a wrong reply, a closed port, or a failure meanwhile", async () => {
  using listener = Deno.listen({ hostname, port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const lying = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(100));
    await connection.write(new TextEncoder().encode("+PANG\r\n"));
  })();
  using pinger = new Pinger();
  const meanwhile = () => Promise.resolve();
  const watch = { hostname, port, durationMs: 20 };
  await assertRejects(() => pinger.watch(watch, meanwhile), Error, "wrong reply to PING");
  await lying;
  listener.close();
  await assertRejects(() => pinger.watch(watch, meanwhile), Error, "the pinger failed");

  await using server = await serveQuietly();
  const there = { ...watch, port: server.address.port };
  const failing = () => Promise.reject(new Error("no such key"));
  await assertRejects(() => pinger.watch(there, failing), Error, "no such key");
});
