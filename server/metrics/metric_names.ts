/**
 * Which fields of INFO are told as metrics, under the names that the usual exporter for Redis
 * (https://github.com/oliver006/redis_exporter) gives them, so that dashboards and alerts made for it
 * work with a server that tells its metrics itself.
 */

/** What a metric is to Prometheus: a counter only grows while the server runs. */
export type MetricKind = "gauge" | "counter";

/** Fields that go up and down, under which names. */
const GAUGES: Readonly<Record<string, string>> = {
  uptime_in_seconds: "uptime_in_seconds",
  process_id: "process_id",
  io_threads_active: "io_threads_active",

  connected_clients: "connected_clients",
  blocked_clients: "blocked_clients",
  maxclients: "max_clients",
  tracking_clients: "tracking_clients",
  pubsub_clients: "pubsub_clients",
  watching_clients: "watching_clients",
  clients_in_timeout_table: "clients_in_timeout_table",
  total_watched_keys: "total_watched_keys",
  total_blocking_keys: "total_blocking_keys",
  total_blocking_keys_on_nokey: "total_blocking_keys_on_nokey",
  client_recent_max_output_buffer: "client_recent_max_output_buffer_bytes",
  client_recent_max_input_buffer: "client_recent_max_input_buffer_bytes",

  allocator_active: "allocator_active_bytes",
  allocator_allocated: "allocator_allocated_bytes",
  allocator_resident: "allocator_resident_bytes",
  allocator_frag_ratio: "allocator_frag_ratio",
  allocator_frag_bytes: "allocator_frag_bytes",
  allocator_rss_ratio: "allocator_rss_ratio",
  allocator_rss_bytes: "allocator_rss_bytes",
  used_memory: "memory_used_bytes",
  used_memory_rss: "memory_used_rss_bytes",
  used_memory_peak: "memory_used_peak_bytes",
  used_memory_lua: "memory_used_lua_bytes",
  used_memory_vm_eval: "memory_used_vm_eval_bytes",
  used_memory_vm_functions: "memory_used_vm_functions_bytes",
  used_memory_vm_total: "memory_used_vm_total_bytes",
  used_memory_scripts_eval: "memory_used_scripts_eval_bytes",
  used_memory_scripts: "memory_used_scripts_bytes",
  used_memory_functions: "memory_used_functions_bytes",
  used_memory_overhead: "memory_used_overhead_bytes",
  used_memory_startup: "memory_used_startup_bytes",
  used_memory_dataset: "memory_used_dataset_bytes",
  number_of_cached_scripts: "number_of_cached_scripts",
  number_of_functions: "number_of_functions",
  number_of_libraries: "number_of_libraries",
  maxmemory: "memory_max_bytes",
  mem_fragmentation_ratio: "mem_fragmentation_ratio",
  mem_fragmentation_bytes: "mem_fragmentation_bytes",
  mem_clients_slaves: "mem_clients_slaves",
  mem_clients_normal: "mem_clients_normal",
  mem_cluster_links: "mem_cluster_links_bytes",
  mem_aof_buffer: "mem_aof_buffer_bytes",
  mem_replication_backlog: "mem_replication_backlog_bytes",
  mem_total_replication_buffers: "mem_total_replication_buffers_bytes",
  mem_not_counted_for_evict: "mem_not_counted_for_eviction_bytes",
  expired_stale_perc: "expired_stale_percentage",
  lazyfree_pending_objects: "lazyfree_pending_objects",
  lazyfreed_objects: "lazyfreed_objects",
  active_defrag_running: "active_defrag_running",
  active_defrag_hits: "defrag_hits",
  active_defrag_misses: "defrag_misses",
  active_defrag_key_hits: "defrag_key_hits",
  active_defrag_key_misses: "defrag_key_misses",
  migrate_cached_sockets: "migrate_cached_sockets_total",
  expired_time_cap_reached_count: "expired_time_cap_reached_total",

  loading: "loading_dump_file",
  async_loading: "async_loading",
  rdb_changes_since_last_save: "rdb_changes_since_last_save",
  rdb_bgsave_in_progress: "rdb_bgsave_in_progress",
  rdb_last_save_time: "rdb_last_save_timestamp_seconds",
  rdb_last_bgsave_status: "rdb_last_bgsave_status",
  rdb_last_bgsave_time_sec: "rdb_last_bgsave_duration_sec",
  rdb_current_bgsave_time_sec: "rdb_current_bgsave_duration_sec",
  rdb_last_cow_size: "rdb_last_cow_size_bytes",
  aof_enabled: "aof_enabled",
  aof_rewrite_in_progress: "aof_rewrite_in_progress",
  aof_rewrite_scheduled: "aof_rewrite_scheduled",
  aof_last_rewrite_time_sec: "aof_last_rewrite_duration_sec",
  aof_current_rewrite_time_sec: "aof_current_rewrite_duration_sec",
  aof_last_cow_size: "aof_last_cow_size_bytes",
  aof_current_size: "aof_current_size_bytes",
  aof_base_size: "aof_base_size_bytes",
  aof_pending_rewrite: "aof_pending_rewrite",
  aof_buffer_length: "aof_buffer_length",
  aof_pending_bio_fsync: "aof_pending_bio_fsync",
  aof_delayed_fsync: "aof_delayed_fsync",
  aof_last_bgrewrite_status: "aof_last_bgrewrite_status",
  aof_last_write_status: "aof_last_write_status",

  instantaneous_ops_per_sec: "instantaneous_ops_per_sec",
  instantaneous_input_kbps: "instantaneous_input_kbps",
  instantaneous_output_kbps: "instantaneous_output_kbps",
  pubsub_channels: "pubsub_channels",
  pubsub_patterns: "pubsub_patterns",
  pubsubshard_channels: "pubsubshard_channels",
  latest_fork_usec: "latest_fork_usec",
  tracking_total_keys: "tracking_total_keys",
  tracking_total_items: "tracking_total_items",
  tracking_total_prefixes: "tracking_total_prefixes",
  slave_expires_tracked_keys: "slave_expires_tracked_keys",

  connected_slaves: "connected_slaves",
  master_repl_offset: "master_repl_offset",
  second_repl_offset: "second_repl_offset",
  repl_backlog_active: "repl_backlog_is_active",
  repl_backlog_size: "replication_backlog_bytes",
  repl_backlog_first_byte_offset: "repl_backlog_first_byte_offset",
  repl_backlog_histlen: "repl_backlog_history_bytes",
  sync_full: "replica_resyncs_full",
  sync_partial_ok: "replica_partial_resync_accepted",
  sync_partial_err: "replica_partial_resync_denied",

  cluster_enabled: "cluster_enabled",
};

const COUNTERS: Readonly<Record<string, string>> = {
  total_connections_received: "connections_received_total",
  total_commands_processed: "commands_processed_total",
  rejected_connections: "rejected_connections_total",
  total_net_input_bytes: "net_input_bytes_total",
  total_net_output_bytes: "net_output_bytes_total",
  total_net_repl_input_bytes: "net_repl_input_bytes_total",
  total_net_repl_output_bytes: "net_repl_output_bytes_total",
  expired_keys: "expired_keys_total",
  expired_subkeys: "expired_subkeys_total",
  expire_cycle_cpu_milliseconds: "expire_cycle_cpu_time_ms_total",
  evicted_keys: "evicted_keys_total",
  evicted_clients: "evicted_clients_total",
  evicted_scripts: "evicted_scripts_total",
  total_eviction_exceeded_time: "eviction_exceeded_time_ms_total",
  keyspace_hits: "keyspace_hits_total",
  keyspace_misses: "keyspace_misses_total",
  total_error_replies: "total_error_replies",
  unexpected_error_replies: "unexpected_error_replies",
  dump_payload_sanitizations: "dump_payload_sanitizations",
  total_reads_processed: "total_reads_processed",
  total_writes_processed: "total_writes_processed",
  acl_access_denied_auth: "acl_access_denied_auth_total",
  acl_access_denied_cmd: "acl_access_denied_cmd_total",
  acl_access_denied_key: "acl_access_denied_key_total",
  acl_access_denied_channel: "acl_access_denied_channel_total",
  client_query_buffer_limit_disconnections: "client_query_buffer_limit_disconnections_total",
  client_output_buffer_limit_disconnections: "client_output_buffer_limit_disconnections_total",
  used_cpu_sys: "cpu_sys_seconds_total",
  used_cpu_user: "cpu_user_seconds_total",
  used_cpu_sys_children: "cpu_sys_children_seconds_total",
  used_cpu_user_children: "cpu_user_children_seconds_total",
  used_cpu_sys_main_thread: "cpu_sys_main_thread_seconds_total",
  used_cpu_user_main_thread: "cpu_user_main_thread_seconds_total",
};

export interface MetricName {
  /** Without the prefix `redis_`. */
  readonly name: string;
  readonly kind: MetricKind;
}

/** By the field of INFO. */
export const METRIC_NAMES: ReadonlyMap<string, MetricName> = new Map([
  ...namesOf(GAUGES, "gauge"),
  ...namesOf(COUNTERS, "counter"),
]);

function namesOf(
  names: Readonly<Record<string, string>>,
  kind: MetricKind,
): [string, MetricName][] {
  return Object.entries(names).map(([field, name]) => [field, { name, kind }]);
}
