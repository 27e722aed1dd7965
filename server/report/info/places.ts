/**
 * Places in INFO of subsystems that are not there yet. Programs that watch a server look for these
 * fields, and the values are true: nothing has been saved or replicated.
 *
 * There is one function a subsystem, with all the fields that are its own, whatever section they are
 * in. A subsystem that comes provides the same fields from what it knows, and its place here goes.
 */

import type { InfoField, InfoSection } from "./info_section.ts";

function part(title: string, fields: readonly InfoField[]): InfoSection {
  return { title, fields: () => fields };
}

/** What the place of persistence reads, as the section will. */
export interface PersistenceSources {
  readonly keyspace: { readonly changes: { readonly dirty: number } };
  readonly startedAtMs: number;
}

export function persistencePlace({ keyspace, startedAtMs }: PersistenceSources): InfoSection[] {
  return [
    {
      title: "Persistence",
      fields: () => [
        ["loading", 0],
        ["async_loading", 0],
        ["current_cow_peak", 0],
        ["current_cow_size", 0],
        ["current_cow_size_age", 0],
        ["current_fork_perc", "0.00"],
        ["current_save_keys_processed", 0],
        ["current_save_keys_total", 0],
        ["rdb_changes_since_last_save", keyspace.changes.dirty],
        ["rdb_bgsave_in_progress", 0],
        // As on Redis, the data set that a server starts with counts as saved.
        ["rdb_last_save_time", Math.floor(startedAtMs / 1000)],
        ["rdb_last_bgsave_status", "ok"],
        ["rdb_last_bgsave_time_sec", -1],
        ["rdb_current_bgsave_time_sec", -1],
        ["rdb_saves", 0],
        ["rdb_last_cow_size", 0],
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
        ["aof_last_cow_size", 0],
      ],
    },
    part("Memory", [["mem_aof_buffer", 0]]),
    // Snapshots are to be taken without them.
    part("Stats", [["latest_fork_usec", 0], ["total_forks", 0]]),
    part("CPU", [["used_cpu_sys_children", "0.000000"], ["used_cpu_user_children", "0.000000"]]),
  ];
}

/** What the place of replication reads, as the section will. */
export interface ReplicationSources {
  readonly lifecycle: { readonly replicationId: string };
}

export function replicationPlace({ lifecycle }: ReplicationSources): InfoSection[] {
  return [
    part("Memory", [
      ["mem_replication_backlog", 0],
      ["mem_total_replication_buffers", 0],
      ["mem_clients_slaves", 0],
      ["mem_not_counted_for_evict", 0],
    ]),
    part("Stats", [
      ["total_net_repl_input_bytes", 0],
      ["total_net_repl_output_bytes", 0],
      ["instantaneous_input_repl_kbps", "0.00"],
      ["instantaneous_output_repl_kbps", "0.00"],
      ["sync_full", 0],
      ["sync_partial_ok", 0],
      ["sync_partial_err", 0],
      ["slave_expires_tracked_keys", 0],
    ]),
    {
      title: "Replication",
      fields: () => [
        ["role", "master"],
        ["connected_slaves", 0],
        ["master_failover_state", "no-failover"],
        ["master_replid", lifecycle.replicationId],
        ["master_replid2", "0".repeat(40)],
        ["master_repl_offset", 0],
        ["second_repl_offset", -1],
        ["repl_backlog_active", 0],
        ["repl_backlog_size", 0],
        ["repl_backlog_first_byte_offset", 0],
        ["repl_backlog_histlen", 0],
      ],
    },
  ];
}

export function clusterPlace(): InfoSection[] {
  return [
    part("Clients", [["cluster_connections", 0]]),
    part("Memory", [["mem_cluster_links", 0]]),
    part("Stats", [["migrate_cached_sockets", 0]]),
    part("Cluster", [["cluster_enabled", 0]]),
  ];
}

export function ioThreadsPlace(): InfoSection[] {
  return [
    part("Server", [["io_threads_active", 0]]),
    part("Stats", [["io_threaded_reads_processed", 0], ["io_threaded_writes_processed", 0]]),
  ];
}

/** Redis's modules; Ravel's plugins are none. */
export function modulesPlace(): InfoSection[] {
  return [
    part("Persistence", [["module_fork_in_progress", 0], ["module_fork_last_cow_size", 0]]),
    part("Modules", []),
  ];
}

/** What moves values together where memory is in pieces; the arena needs nobody to do that. */
export function defragmentationPlace(): InfoSection[] {
  return [
    part("Memory", [["active_defrag_running", 0]]),
    part("Stats", [
      ["active_defrag_hits", 0],
      ["active_defrag_misses", 0],
      ["active_defrag_key_hits", 0],
      ["active_defrag_key_misses", 0],
      ["total_active_defrag_time", 0],
      ["current_active_defrag_time", 0],
    ]),
  ];
}
