/** The process as Deno shows it. */

import type { Process } from "../process.ts";
import { isGranted } from "./permissions.ts";

const SYSTEM_NAMES: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  darwin: "Darwin",
  linux: "Linux",
  windows: "Windows",
};

const EVERY_PERMISSION = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/**
 * Linux tells in /proc, which Deno opens only to programs that may do everything: others would be
 * asked for it, or fail. Deno has raised the limit as far as it may by then.
 */
function descriptorLimit(): number | undefined {
  return knownDescriptorLimit ??= readDescriptorLimit();
}

/** Deno raises the limit as it starts, and leaves it then. */
let knownDescriptorLimit: number | undefined;

function readDescriptorLimit(): number | undefined {
  if (Deno.build.os !== "linux") return undefined;
  if (!EVERY_PERMISSION.every((name) => isGranted({ name }))) return undefined;
  try {
    const limits = Deno.readTextFileSync("/proc/self/limits");
    const soft = /^Max open files +(\d+)/m.exec(limits);
    return soft === null ? undefined : Number(soft[1]);
  } catch {
    return undefined;
  }
}

/** Listeners on free ports of this machine are the only descriptors that need no file. */
function hasFreeDescriptors(count: number): boolean | undefined {
  const options = { hostname: "127.0.0.1", port: 0 };
  if (!isGranted({ name: "net", host: "127.0.0.1:0" })) return undefined;
  const opened: Deno.Listener[] = [];
  try {
    while (opened.length < count) opened.push(Deno.listen(options));
    return true;
  } catch {
    return false;
  } finally {
    for (const listener of opened) listener.close();
  }
}

function workingDirectory(): string | undefined {
  if (!isGranted({ name: "read", path: "." })) return undefined;
  try {
    return Deno.cwd();
  } catch {
    // It has been removed.
    return undefined;
  }
}

/** The machine's memory does not change while a process runs. */
let knownMemoryBytes: number | undefined;

function systemMemoryBytes(): number | undefined {
  if (!isGranted({ name: "sys", kind: "systemMemoryInfo" })) return undefined;
  return knownMemoryBytes ??= Deno.systemMemoryInfo().total;
}

function systemRelease(): string | undefined {
  return isGranted({ name: "sys", kind: "osRelease" }) ? Deno.osRelease() : undefined;
}

function executable(): string | undefined {
  try {
    return Deno.execPath();
  } catch {
    return undefined;
  }
}

interface V8 {
  getHeapStatistics(): { readonly used_heap_size: number; readonly heap_size_limit: number };
  setFlagsFromString(flags: string): void;
}

interface VirtualMachines {
  runInNewContext(code: string): unknown;
}

let v8: V8 | undefined;

/** Asked for by name and late, as loading it takes 20 ms. */
function engine(): V8 {
  return v8 ??= globalThis.process.getBuiltinModule("node:v8") as V8;
}

function heap(): { usedBytes: number; limitBytes: number } {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = engine().getHeapStatistics();
  return { usedBytes, limitBytes };
}

function collectGarbageNow(): void {
  if (collect === undefined) {
    const machines = globalThis.process.getBuiltinModule("node:vm") as VirtualMachines;
    engine().setFlagsFromString("--expose-gc");
    collect = machines.runInNewContext("gc") as () => void;
    engine().setFlagsFromString("--no-expose-gc");
  }
  collect();
}

let collect: (() => void) | undefined;

/**
 * Scripts see the engine's own function only where a flag has it shown when their context is made.
 * The modules for that take 20 ms and some megabytes to load: they are, when it is first asked for.
 */
async function collectGarbage(): Promise<void> {
  if (collect === undefined) {
    const [v8, vm] = await Promise.all([import("node:v8"), import("node:vm")]);
    v8.setFlagsFromString("--expose-gc");
    collect = vm.runInNewContext("gc") as () => void;
    v8.setFlagsFromString("--no-expose-gc");
  }
  collect();
}

/** The network is what every use takes. */
function invocationWith(permissions: Readonly<Record<string, string>>): string {
  const flags = Object.entries({ net: "", ...permissions })
    .map(([kind, scope]) => scope === "" ? `--allow-${kind}` : `--allow-${kind}=${scope}`);
  return `deno run ${flags.join(" ")} main.ts`;
}

export const process: Process = {
  id: Deno.pid,
  args: Deno.args,
  runtimeName: "Deno",
  eventLoop: "tokio",
  invocation: invocationWith({}),
  takesPermissions: true,
  invocationWith,
  operatingSystem: SYSTEM_NAMES[Deno.build.os] ?? Deno.build.os,
  architecture: Deno.build.arch,
  versions: [["deno", Deno.version.deno], ["v8", Deno.version.v8]],
  memoryUsage: Deno.memoryUsage,
  // The global, for Deno loads it when it is first asked for; that takes 30 ms, which an import would
  // add to every start.
  collectGarbage,
  collectGarbageNow,
  heap,
  cpuUsage: () => globalThis.process.cpuUsage(),
  threadCpuUsage: () => globalThis.process.threadCpuUsage(),
  systemMemoryBytes,
  systemRelease,
  executable,
  workingDirectory,
  exit: Deno.exit,
  descriptorLimit,
  hasFreeDescriptors,
};
