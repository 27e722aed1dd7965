/**
 * Bits of strings: single bits of a bitmap of a million, and whole strings of 100 MB.
 *
 * The latter are timed one at a time, on one connection: with the time it takes to read the request
 * and to send the reply, which for SETRANGE and GETRANGE is most of it.
 */

import type { BenchCase, CaseContext } from "../bench_case.ts";
import { RunningServers, Samples } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { type ThroughputCase, throughputCase, type ThroughputVariant } from "../throughput_case.ts";

const BITMAP = "bits";
const RANDOM = "__rand_int__";
const UNPIPELINED: Goal = { ratioAtLeast: 0.95 };
const PIPELINED: Goal = { ratioAtLeast: 1.1 };

/** Places of bits are not random: redis-benchmark's random numbers begin with zeros. */
function bits(label: string, command: readonly string[]): BenchCase {
  const variants: ThroughputVariant[] = [1, 16].map((pipeline) => ({
    label,
    pipeline,
    command,
    throughputGoal: pipeline === 1 ? UNPIPELINED : PIPELINED,
  }));
  const fill: ThroughputCase["fill"] = async (client, { keys }) => {
    await client.ask("SETBIT", BITMAP, String(keys), "1");
    await client.ask("SET", "short", "of sixteen bytes");
    await client.ask("SET", "other", "sixteen others..");
  };
  return throughputCase({
    name: `bitmaps/${label.toLowerCase().replaceAll(" ", "-")}`,
    summary: `${command.join(" ")}, pipeline 1 and 16`,
    random: true,
    fill,
    variants,
  });
}

const LARGE_BYTES = 100_000_000;
const MiB = 1024 * 1024;
/** Of commands that make and write, two strings of the size and their result. */
const CASES: readonly (readonly [label: string, goal: Goal, command: readonly string[]])[] = [
  ["BITCOUNT", { ratioAtMost: 1.5 }, ["BITCOUNT", "large:1"]],
  ["BITPOS of the last bit", { ratioAtMost: 1.5 }, ["BITPOS", "large:2", "1"]],
  ["BITOP AND", { ratioAtMost: 1.5 }, ["BITOP", "AND", "result", "large:1", "large:2"]],
  ["BITOP XOR", { ratioAtMost: 1.5 }, ["BITOP", "XOR", "result", "large:1", "large:2"]],
  ["BITOP NOT", { ratioAtMost: 1.5 }, ["BITOP", "NOT", "result", "large:1"]],
  ["GETRANGE", { ratioAtMost: 1.5 }, ["GETRANGE", "large:1", "1", "-2"]],
];

async function measureLarge(context: CaseContext): Promise<void> {
  await using servers = await RunningServers.start(context.kinds, [
    "--client-query-buffer-limit",
    "1gb",
  ]);
  const large = new Uint8Array(LARGE_BYTES).fill(0x5a);
  for (const server of servers.all) {
    using client = await server.connect();
    await client.ask("SET", "large:1", large);
    await client.ask("SETBIT", "large:2", String(LARGE_BYTES * 8 - 1), "1");
  }
  const report = (variant: string, samples: Samples, goal: Goal) =>
    context.report({
      case: "bitmaps/large",
      variant: `${variant}, 100 MB`,
      metric: "latency",
      unit: "ms",
      samples: samples.lists,
      goal,
    });
  for (const [label, goal, command] of CASES) {
    report(label, await timed(context, servers, command), goal);
  }
  report(
    "SETRANGE",
    await timed(context, servers, ["SETRANGE", "large:1", "1", large.subarray(0, -MiB)]),
    { ratioAtMost: 1.5 },
  );
}

/** Milliseconds from sending a command to having its reply. */
async function timed(
  { options }: CaseContext,
  servers: RunningServers,
  command: readonly (string | Uint8Array)[],
): Promise<Samples> {
  const samples = new Samples();
  for (let round = -1; round < options.rounds; round++) {
    for (const server of servers.inRound(Math.max(0, round))) {
      using client = await server.connect();
      const startedAt = performance.now();
      await client.ask(...command);
      // The first round is a warm-up.
      if (round >= 0) samples.add(server.kind, performance.now() - startedAt);
    }
  }
  return samples;
}

export const BITMAP_CASES: readonly BenchCase[] = [
  bits("SETBIT", ["SETBIT", `${BITMAP}:${RANDOM}`, "100", "1"]),
  bits("GETBIT", ["GETBIT", BITMAP, "123456"]),
  bits("BITCOUNT", ["BITCOUNT", BITMAP, "0", "15"]),
  bits("BITPOS", ["BITPOS", BITMAP, "1", "1000"]),
  bits("BITOP", ["BITOP", "OR", "result", "short", "other"]),
  bits("BITFIELD", ["BITFIELD", `${BITMAP}:${RANDOM}`, "INCRBY", "u8", "#3", "1"]),
  bits("BITFIELD_RO", ["BITFIELD_RO", BITMAP, "GET", "u8", "123456"]),
  {
    name: "bitmaps/large",
    summary: "BITCOUNT, BITPOS, BITOP, GETRANGE and SETRANGE on strings of 100 MB",
    run: measureLarge,
  },
];
