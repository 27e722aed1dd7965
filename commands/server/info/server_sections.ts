// INFO's sections about what this server is: server, clients, replication.

import type { ServerContext } from "../../../server/context.ts";
import { process } from "../../../server/platform/platform.ts";
import { ravelVersion, redisVersion } from "../../../server/version.ts";
import type { Section } from "./section.ts";

const SECONDS_PER_DAY = 86_400;

export const server: Section = {
  title: "Server",
  fields(server) {
    const { config, keyspace } = server;
    const nowMs = server.now();
    const uptimeSeconds = Math.max(0, Math.floor((nowMs - server.lifecycle.startedAtMs) / 1000));
    return [
      ["redis_version", redisVersion],
      ["ravel_version", ravelVersion],
      ["redis_mode", "standalone"],
      ["os", `${process.operatingSystem} ${process.architecture}`],
      ["arch_bits", 64],
      ["monotonic_clock", "performance.now"],
      ["multiplexing_api", "tokio"],
      ["process_id", process.id],
      ["process_supervised", "no"],
      ["run_id", server.lifecycle.runId],
      ["tcp_port", server.lifecycle.addresses[0].port],
      ["server_time_usec", Math.floor(nowMs * 1000)],
      ["uptime_in_seconds", uptimeSeconds],
      ["uptime_in_days", Math.floor(uptimeSeconds / SECONDS_PER_DAY)],
      ["hz", config.hz],
      ["configured_hz", config.hz],
      ["lru_clock", keyspace.clock],
      ["config_file", config.file],
      ["io_threads_active", 0],
      ["listener0", listener(server)],
    ];
  },
};

function listener({ lifecycle, config }: ServerContext): string {
  const binds = config.bind.map((host) => `bind=${host}`).join(",");
  return `name=tcp,${binds},port=${lifecycle.addresses[0].port}`;
}

export const clients: Section = {
  title: "Clients",
  fields({ clients, config }) {
    let input = 0;
    let output = 0;
    for (const { transport } of clients) {
      input = Math.max(input, transport.inputCapacity);
      output = Math.max(output, transport.outputCapacity);
    }
    return [
      ["connected_clients", clients.size],
      ["cluster_connections", 0],
      ["maxclients", config.maxClients],
      ["client_recent_max_input_buffer", input],
      ["client_recent_max_output_buffer", output],
      ["blocked_clients", 0],
      ["tracking_clients", 0],
      ["clients_in_timeout_table", 0],
      ["total_blocking_keys", 0],
      ["total_blocking_keys_on_nokey", 0],
    ];
  },
};

export const replication: Section = {
  title: "Replication",
  fields: ({ lifecycle: { runId } }) => [
    ["role", "master"],
    ["connected_slaves", 0],
    ["master_failover_state", "no-failover"],
    // Nothing is replicated, so a data set and the run that holds it have one name.
    ["master_replid", runId],
    ["master_replid2", "0".repeat(40)],
    ["master_repl_offset", 0],
    ["second_repl_offset", -1],
    ["repl_backlog_active", 0],
    ["repl_backlog_size", 0],
    ["repl_backlog_first_byte_offset", 0],
    ["repl_backlog_histlen", 0],
  ],
};
