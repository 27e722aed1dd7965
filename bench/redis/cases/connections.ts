/**
 * Ten thousand connections that do nothing, and a thousand that do.
 *
 * Each idle one has asked once, so the server has had buffers for it; what counts is what it still
 * holds. Afterwards every idle one asks again: none may have been forgotten.
 */

import { LoadWorkers } from "../../load/load_workers.ts";
import { stringData } from "../../load/workloads.ts";
import { openFileLimit } from "../../process_usage.ts";
import { ServerProcess } from "../../server_processes.ts";
import { perSecond } from "../../statistics.ts";
import { type BenchCase, type CaseContext, Samples } from "../bench_case.ts";
import { settled } from "../settled.ts";

/** Files that a process has open besides the connections. */
const SPARE_FILES = 100;
const OPENING = 200;
const KEYS = 100_000;
const PING = new TextEncoder().encode("*1\r\n$4\r\nPING\r\n");
const PONG = "+PONG\r\n";

export const connectionsCase: BenchCase = {
  name: "connections",
  summary: "memory of 10,000 idle connections, and GETs of 1,000 active ones beside them",
  run: measure,
};

async function measure(context: CaseContext): Promise<void> {
  const { idleConnections, activeConnections, rounds, seconds } = context.options;
  const needed = idleConnections + activeConnections + SPARE_FILES;
  const limit = openFileLimit();
  if (limit < needed) {
    context.log(`left out: it needs ${needed} open files, the limit is ${limit} (ulimit -n)`);
    return;
  }
  const memory = new Samples();
  const throughput = new Samples();
  const latency = new Samples();
  for (const kind of context.kinds) {
    await using server = await ServerProcess.start(kind, ["--maxclients", String(needed)]);
    using control = await server.connect();
    await control.load(stringData(KEYS));
    const before = await settled(() => server.residentBytes);
    const idle = await openConnections(server, idleConnections);
    try {
      const after = await settled(() => server.residentBytes);
      memory.add(kind, (after - before) / idleConnections / 1000);
      using workers = new LoadWorkers(1);
      await workers.connect({
        hostname: server.hostname,
        port: server.port,
        protocol: "resp2",
        workload: "get",
        keys: KEYS,
        connections: activeConnections,
        pipeline: 1,
        seed: 1,
      });
      for (let round = 0; round < rounds; round++) {
        const run = await workers.run({ durationMs: seconds * 1000 });
        throughput.add(kind, perSecond(run.operations, run.elapsedMs));
        latency.add(kind, run.histogram.percentileMs(99));
      }
      await workers.close();
      for (const connection of idle) await ping(connection);
    } finally {
      for (const connection of idle) connection.close();
    }
  }
  const base = { case: "connections" };
  context.report({
    ...base,
    variant: "RSS of an idle connection",
    metric: "memory",
    unit: "KB",
    samples: memory.lists,
    goal: { atMost: 10 },
  });
  const active = `GET of ${activeConnections} active`;
  context.report({
    ...base,
    variant: active,
    metric: "count",
    unit: "ops/s",
    samples: throughput.lists,
  });
  context.report({
    ...base,
    variant: `${active}, p99`,
    metric: "latency",
    unit: "ms",
    samples: latency.lists,
  });
}

async function openConnections(server: ServerProcess, count: number): Promise<Deno.Conn[]> {
  const opened: Deno.Conn[] = [];
  const open = async () => {
    const connection = await Deno.connect({ hostname: server.hostname, port: server.port });
    opened.push(connection);
    await ping(connection);
  };
  try {
    for (let first = 0; first < count; first += OPENING) {
      await Promise.all(Array.from({ length: Math.min(OPENING, count - first) }, open));
    }
  } catch (error) {
    for (const connection of opened) connection.close();
    throw error;
  }
  return opened;
}

async function ping(connection: Deno.Conn): Promise<void> {
  await connection.write(PING);
  const reply = new Uint8Array(64);
  const count = await connection.read(reply);
  const text = new TextDecoder().decode(reply.subarray(0, count ?? 0));
  if (text !== PONG) throw new Error(`PING was answered ${JSON.stringify(text)}`);
}
