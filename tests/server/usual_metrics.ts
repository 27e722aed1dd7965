/**
 * What the usual exporter (https://github.com/oliver006/redis_exporter) tells of a redis-server 7.2.4:
 * name without `redis_`, kind, labels. Not listed is what it tells of itself, and of keys that it is
 * told to look at.
 */
export const USUAL_METRICS = `
  acl_access_denied_auth_total counter
  acl_access_denied_channel_total counter
  acl_access_denied_cmd_total counter
  acl_access_denied_key_total counter
  active_defrag_running gauge
  allocator_active_bytes gauge
  allocator_allocated_bytes gauge
  allocator_frag_bytes gauge
  allocator_frag_ratio gauge
  allocator_resident_bytes gauge
  allocator_rss_bytes gauge
  allocator_rss_ratio gauge
  aof_current_rewrite_duration_sec gauge
  aof_enabled gauge
  aof_last_bgrewrite_status gauge
  aof_last_cow_size_bytes gauge
  aof_last_rewrite_duration_sec gauge
  aof_last_write_status gauge
  aof_rewrite_in_progress gauge
  aof_rewrite_scheduled gauge
  async_loading gauge
  blocked_clients gauge
  client_recent_max_input_buffer_bytes gauge
  client_recent_max_output_buffer_bytes gauge
  clients_in_timeout_table gauge
  cluster_connections gauge
  cluster_enabled gauge
  commands_duration_seconds_total counter cmd
  commands_failed_calls_total counter cmd
  commands_latencies_usec histogram cmd,le
  commands_processed_total counter
  commands_rejected_calls_total counter cmd
  commands_total counter cmd
  config_client_output_buffer_limit_bytes gauge class,limit
  config_client_output_buffer_limit_overcome_seconds gauge class,limit
  config_io_threads gauge
  config_maxclients gauge
  config_maxmemory gauge
  config_repl_backlog_size gauge
  configured_hz gauge
  connected_clients gauge
  connected_slaves gauge
  connections_received_total counter
  cpu_sys_children_seconds_total counter
  cpu_sys_main_thread_seconds_total counter
  cpu_sys_seconds_total counter
  cpu_user_children_seconds_total counter
  cpu_user_main_thread_seconds_total counter
  cpu_user_seconds_total counter
  current_eviction_exceeded_time_ms gauge
  db_avg_ttl_seconds gauge db
  db_keys gauge db
  db_keys_expiring gauge db
  defrag_hits gauge
  defrag_key_hits gauge
  defrag_key_misses gauge
  defrag_misses gauge
  dump_payload_sanitizations counter
  errors_total counter err
  eventloop_cycles_total counter
  eventloop_duration_cmd_sum_usec_total counter
  eventloop_duration_sum_usec_total counter
  evicted_clients_total counter
  evicted_keys_total counter
  eviction_exceeded_time_ms_total counter
  expire_cycle_cpu_time_ms_total counter
  expired_keys_total counter
  expired_stale_percentage gauge
  expired_time_cap_reached_total counter
  hz gauge
  instance_info gauge master_replid,maxmemory_policy,os,process_id,redis_build_id,redis_mode,redis_version,role,run_id,tcp_port
  instantaneous_eventloop_cycles_per_sec gauge
  instantaneous_eventloop_duration_usec gauge
  io_threaded_reads_processed counter
  io_threaded_writes_processed counter
  io_threads_active gauge
  keyspace_hits_total counter
  keyspace_misses_total counter
  last_slow_execution_duration_seconds gauge
  latency_percentiles_usec summary cmd,quantile
  latency_spike_duration_seconds gauge event_name
  latency_spike_last gauge event_name
  latest_fork_seconds gauge
  lazyfree_pending_objects gauge
  lazyfreed_objects gauge
  loading_dump_file gauge
  master_repl_offset gauge
  max_clients gauge
  mem_aof_buffer_bytes gauge
  mem_clients_normal gauge
  mem_clients_slaves gauge
  mem_cluster_links_bytes gauge
  mem_fragmentation_bytes gauge
  mem_fragmentation_ratio gauge
  mem_not_counted_for_eviction_bytes gauge
  mem_replication_backlog_bytes gauge
  mem_total_replication_buffers_bytes gauge
  memory_max_bytes gauge
  memory_used_bytes gauge
  memory_used_dataset_bytes gauge
  memory_used_functions_bytes gauge
  memory_used_lua_bytes gauge
  memory_used_overhead_bytes gauge
  memory_used_peak_bytes gauge
  memory_used_rss_bytes gauge
  memory_used_scripts_bytes gauge
  memory_used_scripts_eval_bytes gauge
  memory_used_startup_bytes gauge
  memory_used_vm_eval_bytes gauge
  memory_used_vm_functions_bytes gauge
  memory_used_vm_total gauge
  migrate_cached_sockets_total gauge
  module_fork_in_progress gauge
  module_fork_last_cow_size gauge
  net_input_bytes_total counter
  net_output_bytes_total counter
  net_repl_input_bytes_total counter
  net_repl_output_bytes_total counter
  number_of_cached_scripts gauge
  number_of_functions gauge
  number_of_libraries gauge
  process_id gauge
  pubsub_channels gauge
  pubsub_patterns gauge
  pubsubshard_channels gauge
  rdb_bgsave_in_progress gauge
  rdb_changes_since_last_save gauge
  rdb_current_bgsave_duration_sec gauge
  rdb_last_bgsave_duration_sec gauge
  rdb_last_bgsave_status gauge
  rdb_last_cow_size_bytes gauge
  rdb_last_load_expired_keys gauge
  rdb_last_load_loaded_keys gauge
  rdb_last_save_timestamp_seconds gauge
  rdb_saves_total gauge
  rejected_connections_total counter
  repl_backlog_first_byte_offset gauge
  repl_backlog_history_bytes gauge
  repl_backlog_is_active gauge
  replica_partial_resync_accepted gauge
  replica_partial_resync_denied gauge
  replica_resyncs_full gauge
  replication_backlog_bytes gauge
  reply_buffer_expands_total counter
  reply_buffer_shrinks_total counter
  second_repl_offset gauge
  slave_expires_tracked_keys gauge
  slowlog_last_id gauge
  slowlog_length gauge
  start_time_seconds gauge
  total_blocking_keys gauge
  total_blocking_keys_on_nokey gauge
  total_error_replies counter
  total_reads_processed counter
  total_system_memory_bytes gauge
  total_writes_processed counter
  tracking_clients gauge
  tracking_total_items gauge
  tracking_total_keys gauge
  tracking_total_prefixes gauge
  unexpected_error_replies counter
  up gauge
  uptime_in_seconds gauge
`;
