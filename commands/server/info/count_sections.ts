// INFO's sections of what was counted: stats, commandstats, errorstats, keyspace; and those that are
// empty here, modules and cluster.

import { allCommandsAndSubcommands } from "../../registry.ts";
import type { CommandStats } from "../../../server/report/stats.ts";
import type { InfoField, Section } from "./section.ts";

/** Errors of clients that gave a wrong password. */
const WRONG_PASSWORD_KIND = "WRONGPASS";

export const stats: Section = {
  title: "Stats",
  fields({ keyspace, stats }) {
    return [
      ["total_connections_received", stats.connectionsReceived],
      ["total_commands_processed", stats.commandsProcessed],
      ["instantaneous_ops_per_sec", Math.round(stats.commandsPerSecond)],
      ["total_net_input_bytes", stats.bytesRead],
      ["total_net_output_bytes", stats.bytesWritten],
      ["total_net_repl_input_bytes", 0],
      ["total_net_repl_output_bytes", 0],
      ["instantaneous_input_kbps", (stats.inputBytesPerSecond / 1024).toFixed(2)],
      ["instantaneous_output_kbps", (stats.outputBytesPerSecond / 1024).toFixed(2)],
      ["instantaneous_input_repl_kbps", "0.00"],
      ["instantaneous_output_repl_kbps", "0.00"],
      ["rejected_connections", stats.connectionsRejected],
      ["sync_full", 0],
      ["sync_partial_ok", 0],
      ["sync_partial_err", 0],
      ["expired_keys", keyspace.expiredKeys],
      ["expire_cycle_cpu_milliseconds", Math.round(stats.expireCycleMs)],
      ["evicted_keys", 0],
      ["evicted_clients", 0],
      ["keyspace_hits", keyspace.hits],
      ["keyspace_misses", keyspace.misses],
      ["pubsub_channels", 0],
      ["pubsub_patterns", 0],
      ["pubsubshard_channels", 0],
      ["total_forks", 0],
      ["total_error_replies", stats.errorReplies],
      ["total_reads_processed", stats.reads],
      ["total_writes_processed", stats.writes],
      ["client_query_buffer_limit_disconnections", stats.inputLimitDisconnections],
      ["client_output_buffer_limit_disconnections", stats.outputLimitDisconnections],
      ["acl_access_denied_auth", stats.errorKinds.get(WRONG_PASSWORD_KIND) ?? 0],
      ["acl_access_denied_cmd", 0],
      ["acl_access_denied_key", 0],
      ["acl_access_denied_channel", 0],
    ];
  },
};

export const commandStats: Section = {
  title: "Commandstats",
  fields({ stats }) {
    const names = new Map<number, string>();
    for (const { id, fullName } of allCommandsAndSubcommands()) names.set(id, fullName);
    const fields: InfoField[] = [];
    for (const [id, totals] of stats.commands()) {
      fields.push([`cmdstat_${names.get(id)}`, commandTotals(totals)]);
    }
    return fields;
  },
};

function commandTotals({ calls, elapsedMs, rejected, failed }: CommandStats): string {
  const microseconds = Math.round(elapsedMs * 1000);
  const perCall = calls === 0 ? 0 : microseconds / calls;
  return `calls=${calls},usec=${microseconds},usec_per_call=${perCall.toFixed(2)},` +
    `rejected_calls=${rejected},failed_calls=${failed}`;
}

export const errorStats: Section = {
  title: "Errorstats",
  fields: ({ stats }) =>
    [...stats.errorKinds].map(([kind, count]) => [`errorstat_${kind}`, `count=${count}`]),
};

export const keyspace: Section = {
  title: "Keyspace",
  fields: ({ keyspace }) =>
    keyspace.databases.filter(({ size }) => size > 0).map((database) => [
      `db${database.index}`,
      `keys=${database.size},expires=${database.expiringCount},avg_ttl=${database.averageTtlMs()}`,
    ]),
};

export const modules: Section = { title: "Modules", fields: () => [] };

export const cluster: Section = { title: "Cluster", fields: () => [["cluster_enabled", 0]] };
