/** INFO's sections about the runtime: the time that the process took, and Ravel's own figures. */

import type { InfoSection } from "./info_section.ts";

export function cpuSection(): InfoSection {
  return {
    title: "CPU",
    fields() {
      // The global, for the runtime loads it when it is first asked for; that takes 30 ms, which an
      // import would add to every start.
      const { system, user } = globalThis.process.cpuUsage();
      return [
        ["used_cpu_sys", (system / 1e6).toFixed(6)],
        ["used_cpu_user", (user / 1e6).toFixed(6)],
      ];
    },
  };
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
      const { heapTotal, heapUsed, external } = Deno.memoryUsage();
      return [
        ["deno_version", Deno.version.deno],
        ["v8_version", Deno.version.v8],
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
