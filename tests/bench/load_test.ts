// The load generator against a true server, and against servers that lie.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ControlClient } from "../../bench/load/control_client.ts";
import { LoadGenerator, type LoadPlan } from "../../bench/load/load_generator.ts";
import { LoadWorkers } from "../../bench/load/load_workers.ts";
import { WIRE_PROTOCOLS } from "../../bench/load/wire.ts";
import {
  dataRemoval,
  keyValue,
  OperationCatalogue,
  scatteringStride,
  sortedSetData,
  stringData,
  WORKLOADS,
} from "../../bench/load/workloads.ts";
import { localServer } from "../../bench/load/reached_server.ts";
import { WrongReplyError } from "../../bench/load/wrong_reply.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const KEYS = 50;

function planFor(port: number, overrides: Partial<LoadPlan> = {}): LoadPlan {
  return {
    ...localServer(port),
    protocol: "resp2",
    workload: "get",
    keys: KEYS,
    connections: 2,
    pipeline: 4,
    seed: 1,
    ...overrides,
  };
}

async function filled(port: number): Promise<void> {
  using client = await ControlClient.connect("127.0.0.1", port);
  await client.load(stringData(KEYS));
  await client.load(sortedSetData(KEYS));
}

const catalogues = new Map(
  WIRE_PROTOCOLS.map((protocol) => [protocol, new OperationCatalogue(protocol, KEYS)]),
);

/** Runs the plan for a moment in this thread; the number of checked replies. */
async function runBriefly(plan: LoadPlan, ratePerSecond?: number): Promise<number> {
  const generator = await LoadGenerator.open(plan, catalogues.get(plan.protocol)!);
  try {
    return (await generator.run({ durationMs: 20, ratePerSecond })).operations;
  } finally {
    generator.close();
  }
}

Deno.test("every workload in every protocol is answered as expected", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  await filled(port);
  for (const protocol of WIRE_PROTOCOLS) {
    for (const workload of WORKLOADS) {
      for (const pipeline of [1, 7]) {
        const operations = await runBriefly(planFor(port, { protocol, workload, pipeline }));
        assert(operations >= pipeline, `${protocol} ${workload}: ${operations}`);
      }
    }
  }
});

Deno.test("a load of fixed rate sends that many requests at most", async () => {
  await using server = await serveQuietly();
  await filled(server.address.port);
  const operations = await runBriefly(planFor(server.address.port, { pipeline: 1 }), 500);
  assert(operations >= 1 && operations <= 12, String(operations));
});

Deno.test("Workers share the connections; their results are added up", async () => {
  await using server = await serveQuietly();
  await filled(server.address.port);
  using workers = new LoadWorkers(2);
  await workers.connect(planFor(server.address.port, { connections: 3 }));
  const { operations, histogram } = await workers.run({ durationMs: 20 });
  assert(operations > 0);
  assertEquals(histogram.count, operations);
  await workers.close();
});

Deno.test("a value that is not the key's is found, in a Worker too", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  await filled(port);
  using client = await ControlClient.connect("127.0.0.1", port);
  for (let i = 0; i < KEYS; i++) {
    const value = keyValue(i);
    await client.ask("SET", `key:${String(i).padStart(12, "0")}`, value.slice(0, -1) + "!");
  }
  const error = await assertRejects(() => runBriefly(planFor(port)), WrongReplyError);
  assert(/GET.*expected .*got .*!/.test(error.message), error.message);
  using workers = new LoadWorkers(1);
  await workers.connect(planFor(port));
  await assertRejects(() => workers.run({ durationMs: 20 }), Error, "wrong reply");
});

Deno.test("a key that is gone and a score that has changed are found", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  await filled(port);
  using client = await ControlClient.connect("127.0.0.1", port);
  await client.load(dataRemoval(KEYS));
  await client.ask("ZADD", "bench:board", "20.5", "member:000000020");
  for (const protocol of WIRE_PROTOCOLS) {
    await assertRejects(() => runBriefly(planFor(port, { protocol })), WrongReplyError);
    // A single connection asks until it has hit a page with that member in it.
    const plan = planFor(port, { protocol, workload: "zquery", connections: 1, pipeline: 64 });
    await assertRejects(() => runBriefly(plan), WrongReplyError);
  }
});

/** A server that answers every connection's first bytes with `reply`, whatever they are. */
function liar(reply: string): { port: number; [Symbol.asyncDispose](): Promise<void> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      try {
        await connection.read(new Uint8Array(64 * 1024));
        await connection.write(new TextEncoder().encode(reply));
        // Until the client has seen enough.
        while (await connection.read(new Uint8Array(1024)) !== null);
      } finally {
        connection.close();
      }
    }
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

const LIES: Readonly<Record<string, string>> = {
  "another type": ":1\r\n",
  "an error": "-ERR no\r\n",
  "nothing there": "$-1\r\n",
  "a reply too many": "+OK\r\n+OK\r\n",
  "a reply that ends otherwise": "+OK\n\r",
};

for (const [name, reply] of Object.entries(LIES)) {
  Deno.test(`a server that lies is found out: ${name}`, async () => {
    await using server = liar(reply);
    const plan = planFor(server.port, { workload: "set", connections: 1, pipeline: 1 });
    const error = await assertRejects(() => runBriefly(plan), WrongReplyError);
    assert(error.message.includes("wrong reply to"), error.message);
  });
}

Deno.test("bulk loading checks every reply as well", async () => {
  await using server = liar("+OK\r\n+OK\r\n-ERR full\r\n");
  using client = await ControlClient.connect("127.0.0.1", server.port);
  await assertRejects(() => client.load(stringData(3)), WrongReplyError, "ERR full");
});

Deno.test("a server that hangs up ends the load with an error", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = (listener.addr as Deno.NetAddr).port;
  const serving = (async () => {
    const connection = await listener.accept();
    await connection.read(new Uint8Array(1024));
    connection.close();
  })();
  const plan = planFor(port, { connections: 1, pipeline: 1 });
  await assertRejects(() => runBriefly(plan), Error);
  await serving;
  listener.close();
});

Deno.test("operations are scattered, and ask for every key", () => {
  for (const span of [1, 2, 3, 10, 50, 1000, 4096, 99_999]) {
    const stride = scatteringStride(span);
    const hit = new Set(Array.from({ length: span }, (_, i) => (i * stride) % span));
    assertEquals(hit.size, span);
    if (span > 10) assert(stride > span / 2 && stride < span * 0.75);
  }
});
