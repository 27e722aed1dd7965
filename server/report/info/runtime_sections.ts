/** INFO's sections about the runtime: the time that the process took, and Ravel's own figures. */

import { process } from "../../platform/platform.ts";
import type { InfoSection } from "./info_section.ts";

export function cpuSection(): InfoSection {
  return {
    title: "CPU",
    fields() {
      const whole = process.cpuUsage();
      const main = process.threadCpuUsage();
      return [
        ["used_cpu_sys", secondsText(whole.system)],
        ["used_cpu_user", secondsText(whole.user)],
        ["used_cpu_sys_main_thread", secondsText(main.system)],
        ["used_cpu_user_main_thread", secondsText(main.user)],
      ];
    },
  };
}

function secondsText(microseconds: number): string {
  return (microseconds / 1e6).toFixed(6);
}

/** What Ravel's section reads. */
export interface RavelSources {
  readonly config: { readonly lazyFreeWorkers: number; readonly plugins: readonly string[] };
  readonly keyspace: {
    readonly arena: { readonly usedBytes: number; readonly reservedBytes: number };
  };
  readonly commands: { readonly count: number };
}

export function ravelSection({ commands, config, keyspace }: RavelSources): InfoSection {
  return {
    title: "Ravel",
    fields() {
      const { heapTotal, heapUsed, external } = process.memoryUsage();
      return [
        ...process.versions.map(([name, version]) => [`${name}_version`, version] as const),
        ["arena_used_bytes", keyspace.arena.usedBytes],
        ["arena_reserved_bytes", keyspace.arena.reservedBytes],
        ["runtime_heap_used_bytes", heapUsed],
        ["runtime_heap_total_bytes", heapTotal],
        ["runtime_external_bytes", external],
        ["lazyfree_workers", config.lazyFreeWorkers],
        ["commands", commands.count],
        ["plugins", config.plugins.length],
      ];
    },
  };
}
