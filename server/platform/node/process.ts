/** The process as Node shows it, and Bun as far as it is alike. */

import fs from "node:fs";
import os from "node:os";
import process_ from "node:process";
import v8 from "node:v8";
import vm from "node:vm";
import type { CpuUsage, Process } from "../process.ts";

const SYSTEM_NAMES: Readonly<Record<string, string>> = { Windows_NT: "Windows" };
const ARCHITECTURES: Readonly<Record<string, string>> = {
  arm64: "aarch64",
  ia32: "x86",
  x64: "x86_64",
};

/** What Bun has in place of Node's ways; undefined on Node. */
const bun = (globalThis as { Bun?: { gc(isNow: boolean): void } }).Bun;

function versions(): Process["versions"] {
  const { bun, node, v8, webkit } = process_.versions;
  return bun === undefined
    ? [["node", node], ["v8", v8]]
    : [["bun", bun], ["webkit", webkit ?? "unknown"]];
}

/** Linux tells in /proc; Node has raised the limit as far as it may by then. */
function descriptorLimit(): number | undefined {
  if (process_.platform !== "linux") return undefined;
  try {
    const limits = fs.readFileSync("/proc/self/limits", "latin1");
    const soft = /^Max open files +(\d+)/m.exec(limits);
    return soft === null ? undefined : Number(soft[1]);
  } catch {
    return undefined;
  }
}

function hasFreeDescriptors(count: number): boolean | undefined {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(fs.openSync(os.devNull, "r"));
    return true;
  } catch {
    return false;
  } finally {
    for (const descriptor of opened) fs.closeSync(descriptor);
  }
}

function workingDirectory(): string | undefined {
  try {
    return process_.cwd();
  } catch {
    // It has been removed.
    return undefined;
  }
}

/** The system counts in hundredths of a second. */
const TICK_MICROSECONDS = 10_000;

/**
 * Of the main thread; Linux tells it where the runtime does not. Elsewhere it is not known, and the whole
 * process's is the nearest thing.
 */
function threadCpuUsage(): CpuUsage {
  const { threadCpuUsage } = process_ as { threadCpuUsage?: () => CpuUsage };
  if (threadCpuUsage !== undefined) return threadCpuUsage.call(process_);
  try {
    const stat = fs.readFileSync("/proc/thread-self/stat", "latin1");
    // The program's name may have anything in it; behind it are the numbers, of which these two.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user, system] = fields.slice(11, 13).map((ticks) => Number(ticks) * TICK_MICROSECONDS);
    return { user, system };
  } catch {
    return process_.cpuUsage();
  }
}

/** Bun's engine has no limit of its own; one like Node's keeps what is told of use. */
const BUN_HEAP_BYTES = Math.min(os.totalmem() / 2, 4 * 1024 ** 3);

function heap(): { usedBytes: number; limitBytes: number } {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = v8.getHeapStatistics();
  return { usedBytes, limitBytes: bun === undefined ? limitBytes : BUN_HEAP_BYTES };
}

let collect: (() => void) | undefined;

/** Scripts see the engine's own function only where a flag has it shown when their context is made. */
function collectGarbageNow(): void {
  if (bun !== undefined) return bun.gc(true);
  if (collect === undefined) {
    v8.setFlagsFromString("--expose-gc");
    collect = vm.runInNewContext("gc") as () => void;
    v8.setFlagsFromString("--no-expose-gc");
  }
  collect();
}

export const process: Process = {
  id: process_.pid,
  args: process_.argv.slice(2),
  runtimeName: bun === undefined ? "Node" : "Bun",
  eventLoop: bun === undefined ? "libuv" : "usockets",
  invocation: "npx ravel-server",
  takesPermissions: false,
  invocationWith: () => "npx ravel-server",
  operatingSystem: SYSTEM_NAMES[os.type()] ?? os.type(),
  architecture: ARCHITECTURES[process_.arch] ?? process_.arch,
  versions: versions(),
  memoryUsage: () => process_.memoryUsage(),
  collectGarbage: () => Promise.resolve(collectGarbageNow()),
  collectGarbageNow,
  heap,
  cpuUsage: () => process_.cpuUsage(),
  threadCpuUsage,
  systemMemoryBytes: () => os.totalmem(),
  systemRelease: () => os.release(),
  executable: () => process_.execPath,
  workingDirectory,
  exit: (code) => process_.exit(code),
  descriptorLimit,
  hasFreeDescriptors,
};
