// INFO's sections about what the server takes and keeps: memory, persistence, cpu, and Ravel's own.

import { commandCount } from "../../registry.ts";
import { datasetPercentage, memoryFigures } from "../memory_figures.ts";
import { bytesFields, type Section } from "./section.ts";

export const memory: Section = {
  title: "Memory",
  fields(server) {
    const { config, keyspace } = server;
    const figures = memoryFigures(server);
    return [
      ...bytesFields("used_memory", figures.used),
      ...bytesFields("used_memory_rss", figures.resident),
      ...bytesFields("used_memory_peak", figures.peak),
      ["used_memory_peak_perc", `${(100 * figures.used / figures.peak).toFixed(2)}%`],
      ["used_memory_overhead", figures.overhead],
      ["used_memory_startup", figures.startup],
      ["used_memory_dataset", figures.dataset],
      ["used_memory_dataset_perc", `${datasetPercentage(figures).toFixed(2)}%`],
      ["allocator_allocated", figures.used],
      ["number_of_cached_scripts", 0],
      ["number_of_functions", 0],
      ["number_of_libraries", 0],
      ...bytesFields("maxmemory", config.maxMemoryBytes),
      ["maxmemory_policy", config.maxMemoryPolicy],
      ["mem_fragmentation_ratio", (figures.resident / figures.inUse).toFixed(2)],
      ["mem_fragmentation_bytes", figures.resident - figures.inUse],
      ["mem_not_counted_for_evict", 0],
      ["mem_replication_backlog", 0],
      ["mem_total_replication_buffers", 0],
      ["mem_clients_slaves", 0],
      ["mem_clients_normal", figures.clients],
      ["mem_cluster_links", 0],
      ["mem_aof_buffer", 0],
      ["mem_allocator", "ravel-arena"],
      ["active_defrag_running", 0],
      ["lazyfree_pending_objects", keyspace.lazyFree.pending],
      ["lazyfreed_objects", keyspace.lazyFree.freed],
    ];
  },
};

export const persistence: Section = {
  title: "Persistence",
  fields: ({ keyspace, startedAtMs }) => [
    ["loading", 0],
    ["async_loading", 0],
    ["rdb_changes_since_last_save", keyspace.changes.dirty],
    ["rdb_bgsave_in_progress", 0],
    // As on Redis, the data set that a server starts with counts as saved.
    ["rdb_last_save_time", Math.floor(startedAtMs / 1000)],
    ["rdb_last_bgsave_status", "ok"],
    ["rdb_last_bgsave_time_sec", -1],
    ["rdb_current_bgsave_time_sec", -1],
    ["rdb_saves", 0],
    ["rdb_last_load_keys_expired", 0],
    ["rdb_last_load_keys_loaded", 0],
    ["aof_enabled", 0],
    ["aof_rewrite_in_progress", 0],
    ["aof_rewrite_scheduled", 0],
    ["aof_last_rewrite_time_sec", -1],
    ["aof_current_rewrite_time_sec", -1],
    ["aof_last_bgrewrite_status", "ok"],
    ["aof_rewrites", 0],
    ["aof_rewrites_consecutive_failures", 0],
    ["aof_last_write_status", "ok"],
  ],
};

export const cpu: Section = {
  title: "CPU",
  fields() {
    // The global, for the runtime loads it when it is first asked for; that takes 30 ms, which an
    // import would add to every start.
    const { system, user } = globalThis.process.cpuUsage();
    return [
      ["used_cpu_sys", (system / 1e6).toFixed(6)],
      ["used_cpu_user", (user / 1e6).toFixed(6)],
      ["used_cpu_sys_children", "0.000000"],
      ["used_cpu_user_children", "0.000000"],
    ];
  },
};

export const ravel: Section = {
  title: "Ravel",
  fields({ config, keyspace }) {
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
      ["commands", commandCount()],
      ["plugins", config.plugins.length],
    ];
  },
};
