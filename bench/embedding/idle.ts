/** What the single file for Deno is good for: it starts faster, and idles with less, than the sources. */

import { fileURLToPath } from "node:url";
import { residentBytes } from "../process_usage.ts";
import { settled } from "../redis/settled.ts";
import { median } from "../statistics.ts";
import type { Figure } from "./figure.ts";
import { type Bench, inTurns } from "./package_bench.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MEGABYTE = 1e6;

interface Sample {
  readonly readyMs: number;
  readonly residentBytes: number;
}

export async function measureIdle(bench: Bench): Promise<Figure[]> {
  const bundle = await bundleForDeno(bench.project.folder);
  const sources = `${ROOT}main.ts`;
  const samples = await inTurns(bench.options.rounds, [bundle, sources], async (program) => {
    const sample = await idleServer(program);
    bench.log(`idle, ${program}: ${(sample.residentBytes / MEGABYTE).toFixed(1)} MB`);
    return sample;
  });
  const middle = (program: string, field: keyof Sample) =>
    median(samples.get(program)!.map((it) => it[field]));
  const of = (program: string) => middle(program, "residentBytes") / MEGABYTE;
  return [
    {
      what: "idle RSS of the single file",
      on: "Deno",
      unit: "MB",
      value: of(bundle),
      goal: { kind: "at most", limit: 50 },
    },
    { what: "idle RSS of the sources", on: "Deno", unit: "MB", value: of(sources) },
    {
      what: "the single file, until it is ready",
      on: "Deno",
      unit: "ms",
      value: middle(bundle, "readyMs"),
      beside: { what: "sources", value: middle(sources, "readyMs") },
    },
  ];
}

/** @returns the file's path */
async function bundleForDeno(folder: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", "pack/main.ts", "deno", folder],
    cwd: ROOT,
  }).output();
  if (code !== 0) throw new Error(`pack: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}

async function idleServer(program: string): Promise<Sample> {
  const startedMs = performance.now();
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-net", program, "serve", "--port", "0", "--bind", "127.0.0.1"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    // It prints where it listens once it does.
    const reader = server.stdout.getReader();
    const { done } = await reader.read();
    if (done) throw new Error(`${program} ended while it started`);
    const readyMs = performance.now() - startedMs;
    const bytes = await settled(() => residentBytes(server.pid));
    await reader.cancel();
    return { readyMs, residentBytes: bytes };
  } finally {
    server.kill("SIGKILL");
    await server.status;
  }
}
