/**
 * What is left of a hundred servers that were started, used and stopped in one process: handles of
 * the runtime, and memory.
 *
 * ```
 * 300 servers ─▶ read ─▶ 100 servers ─▶ read ─▶ … ─▶ 100 servers ─▶ read
 *                  └─ growth 1 ─┘         └─ 2 ─┘          └── 5 ──┘     the median counts
 * ```
 *
 * The first ones are not counted: with them code is compiled, and the heap finds its size. Garbage
 * is collected before a reading, but a collector may find a number that looks like the address of the
 * last server's memory, and keep 64 MB that the next reading does not find any more: so several
 * hundreds.
 */

import { median } from "../statistics.ts";
import type { Figure } from "./figure.ts";
import { type Bench, figuresOf, inTurns } from "./package_bench.ts";

const PROGRAM = `
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { serve } from "ravel-server";

async function ask(port, text) {
  const socket = connect(port, "127.0.0.1");
  socket.write(text);
  await new Promise((resolve, reject) => socket.once("data", resolve).once("error", reject));
  socket.destroy();
}

async function cycles(count) {
  for (let i = 0; i < count; i++) {
    const server = await serve();
    await ask(server.port, "SET k v\\r\\nLPUSH l 1 2 3\\r\\nEVAL \\"return 1\\" 0\\r\\n");
    await server.stop();
  }
}

async function read() {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (globalThis.Bun) Bun.gc(true);
    else gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    // Bun counts what is external among the heap's.
    held: globalThis.Bun ? heapUsed : heapUsed + external,
    rss,
    handles: process.getActiveResourcesInfo?.().length ?? 0,
    descriptors: process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0,
  };
}

const readings = [];
await cycles(200);
for (let hundreds = 0; hundreds <= 5; hundreds++) {
  await cycles(100);
  readings.push(await read());
}
const growths = (field) => readings.slice(1).map((it, i) => it[field] - readings[i][field]);
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const [first, last] = [readings[0], readings.at(-1)];
console.log(JSON.stringify({
  heldBytes: middle(growths("held")),
  residentBytes: middle(growths("rss")),
  handles: last.handles - first.handles + last.descriptors - first.descriptors,
}));
`;

interface Sample {
  /** By objects and the memory that they hold. */
  readonly heldBytes: number;
  readonly residentBytes: number;
  /** Of the runtime and of the system, left of five hundred. */
  readonly handles: number;
}

const MEGABYTE = 1e6;

export async function measureCycles(bench: Bench): Promise<Figure[]> {
  await bench.project.write({ "cycles.mjs": PROGRAM });
  const { options: { rounds }, runtimes } = bench;
  const samples = await inTurns(rounds, runtimes, async (runtime) => {
    const flags = runtime.name === "Bun" ? [] : ["--expose-gc"];
    const sample = await figuresOf<Sample>(bench, runtime, [...flags, "cycles.mjs"]);
    bench.log(`cycles, ${runtime.name}: ${(sample.heldBytes / MEGABYTE).toFixed(2)} MB`);
    return sample;
  });
  return runtimes.flatMap(({ name }, i): Figure[] => {
    const of = samples.get(runtimes[i])!;
    const megabytes = (field: "heldBytes" | "residentBytes") =>
      median(of.map((it) => it[field])) / MEGABYTE;
    return [
      {
        what: "100 servers: growth of what is held",
        on: name,
        unit: "MB",
        value: megabytes("heldBytes"),
        goal: { kind: "at most", limit: 1 },
      },
      {
        what: "100 servers: growth of RSS",
        on: name,
        unit: "MB",
        value: megabytes("residentBytes"),
        goal: { kind: "at most", limit: 1 },
      },
      {
        what: "100 servers: left of them",
        on: name,
        unit: "handles",
        value: Math.max(...of.map((it) => it.handles)),
        goal: { kind: "at most", limit: 0 },
      },
    ];
  });
}
