/** INFO's sections of what was counted: in all, by command, and by kind of error. */

import type { CommandStats, Stats } from "../stats.ts";
import type { InfoField, InfoSection } from "./info_section.ts";

/** What the sections read. */
export interface StatsSources {
  readonly stats: Stats;
  readonly keyspace: {
    readonly expiredKeys: number;
    readonly expiredSubkeys: number;
    readonly hits: number;
    readonly misses: number;
  };
  /** Names for the numbers under which commands are counted. */
  readonly commands: { all(): Iterable<{ readonly id: number; readonly fullName: string }> };
}

export function statsSection({ keyspace, stats }: StatsSources): InfoSection {
  return {
    title: "Stats",
    fields: () => [
      ["total_connections_received", stats.connectionsReceived],
      ["total_commands_processed", stats.commandsProcessed],
      ["instantaneous_ops_per_sec", Math.round(stats.commandsPerSecond)],
      ["total_net_input_bytes", stats.bytesRead],
      ["total_net_output_bytes", stats.bytesWritten],
      ["instantaneous_input_kbps", (stats.inputBytesPerSecond / 1024).toFixed(2)],
      ["instantaneous_output_kbps", (stats.outputBytesPerSecond / 1024).toFixed(2)],
      ["rejected_connections", stats.connectionsRejected],
      ["expired_keys", keyspace.expiredKeys],
      ["expired_subkeys", keyspace.expiredSubkeys],
      ["expire_cycle_cpu_milliseconds", Math.round(stats.expireCycleMs)],
      ["keyspace_hits", keyspace.hits],
      ["keyspace_misses", keyspace.misses],
      ["total_error_replies", stats.errorReplies],
      ["total_reads_processed", stats.reads],
      ["total_writes_processed", stats.writes],
      ["client_query_buffer_limit_disconnections", stats.inputLimitDisconnections],
      ["client_output_buffer_limit_disconnections", stats.outputLimitDisconnections],
      ["evicted_clients", stats.evictedClients],
      ["acl_access_denied_auth", stats.wrongPasswords],
      ["acl_access_denied_cmd", stats.deniedCommands],
      ["acl_access_denied_key", stats.deniedKeys],
      ["acl_access_denied_channel", stats.deniedChannels],
    ],
  };
}

export function commandStatsSection({ commands, stats }: StatsSources): InfoSection {
  return {
    title: "Commandstats",
    fields() {
      const names = new Map<number, string>();
      for (const { id, fullName } of commands.all()) names.set(id, fullName);
      const fields: InfoField[] = [];
      for (const [id, totals] of stats.commands()) {
        fields.push([`cmdstat_${names.get(id)}`, commandTotals(totals)]);
      }
      return fields;
    },
  };
}

function commandTotals({ calls, elapsedMs, rejected, failed }: CommandStats): string {
  const microseconds = Math.round(elapsedMs * 1000);
  const perCall = calls === 0 ? 0 : microseconds / calls;
  return `calls=${calls},usec=${microseconds},usec_per_call=${perCall.toFixed(2)},` +
    `rejected_calls=${rejected},failed_calls=${failed}`;
}

export function errorStatsSection({ stats }: StatsSources): InfoSection {
  return {
    title: "Errorstats",
    fields: () =>
      [...stats.errorKinds].map(([kind, count]) => [`errorstat_${kind}`, `count=${count}`]),
  };
}
