/** INFO's sections of what was counted: in all, by command, and by kind of error. */

import type { CommandStats } from "../command_stats.ts";
import type { Stats } from "../stats.ts";
import type { InfoField, InfoSection } from "./info_section.ts";

/** What the sections read. */
export interface StatsSources {
  readonly stats: Stats;
  readonly dumps: { readonly checked: number };
  readonly config: {
    readonly latencyPercentiles: readonly number[];
    readonly latencyTracking: boolean;
  };
  readonly keyspace: {
    readonly expiredKeys: number;
    readonly expiredSubkeys: number;
    readonly hits: number;
    readonly misses: number;
  };
  /** Names for the numbers under which commands are counted. */
  readonly commands: { all(): Iterable<{ readonly id: number; readonly fullName: string }> };
}

export function statsSection(sources: StatsSources): InfoSection {
  const { keyspace, stats } = sources;
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
      // What is due is known, so nothing is looked for in vain.
      ["expired_stale_perc", "0.00"],
      ["expired_time_cap_reached_count", stats.expireTimeouts],
      ["expire_cycle_cpu_milliseconds", Math.round(stats.expireCycleMs)],
      ["keyspace_hits", keyspace.hits],
      ["keyspace_misses", keyspace.misses],
      // Nobody sends what no error may come of.
      ["unexpected_error_replies", 0],
      ["total_error_replies", stats.errorReplies],
      ["dump_payload_sanitizations", sources.dumps.checked],
      ["total_reads_processed", stats.reads],
      ["total_writes_processed", stats.writes],
      ["client_query_buffer_limit_disconnections", stats.inputLimitDisconnections],
      ["client_output_buffer_limit_disconnections", stats.outputLimitDisconnections],
      ["evicted_clients", stats.evictedClients],
      // Buffers of replies are lent to clients, and none is resized for one.
      ["reply_buffer_shrinks", 0],
      ["reply_buffer_expands", 0],
      ["eventloop_cycles", stats.turns.count],
      ["eventloop_duration_sum", microsecondsOf(stats.turns.elapsedMs)],
      ["eventloop_duration_cmd_sum", microsecondsOf(stats.turns.commandMs)],
      ["instantaneous_eventloop_cycles_per_sec", Math.round(stats.turnsPerSecond)],
      ["instantaneous_eventloop_duration_usec", microsecondsOf(stats.recentTurnMs)],
      ["acl_access_denied_auth", stats.wrongPasswords],
      ["acl_access_denied_cmd", stats.deniedCommands],
      ["acl_access_denied_key", stats.deniedKeys],
      ["acl_access_denied_channel", stats.deniedChannels],
    ],
  };
}

function microsecondsOf(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

/** What is told only where it is asked for by name: the longest turns of the main thread. */
export function turnsSection({ stats: { turns } }: StatsSources): InfoSection {
  return {
    title: "Debug",
    fields: () => [
      // There is no file of commands.
      ["eventloop_duration_aof_sum", 0],
      ["eventloop_duration_cron_sum", microsecondsOf(turns.tickMs)],
      ["eventloop_duration_max", microsecondsOf(turns.longestMs)],
      ["eventloop_cmd_per_cycle_max", turns.mostCommands],
    ],
  };
}

export function commandStatsSection(sources: StatsSources): InfoSection {
  return {
    title: "Commandstats",
    fields: () =>
      commandFields(sources, (name, totals) => [`cmdstat_${name}`, commandTotals(totals)]),
  };
}

/** A field of each command that was called, if there is something to tell. */
function commandFields(
  { commands, stats }: StatsSources,
  fieldOf: (name: string, totals: CommandStats) => InfoField | undefined,
): InfoField[] {
  const names = new Map<number, string>();
  for (const { id, fullName } of commands.all()) names.set(id, fullName);
  const fields: InfoField[] = [];
  for (const [id, totals] of stats.commands()) {
    const field = fieldOf(names.get(id)!, totals);
    if (field !== undefined) fields.push(field);
  }
  return fields;
}

/** The percentiles of each command's times, in microseconds. */
export function latencyStatsSection(sources: StatsSources): InfoSection {
  const { config } = sources;
  return {
    title: "Latencystats",
    fields() {
      if (!config.latencyTracking) return [];
      return commandFields(sources, (name, { histogram }) => {
        if (histogram === undefined) return undefined;
        const percentiles = config.latencyPercentiles.map((percentile) =>
          `p${percentileText(percentile)}=${
            (histogram.nanosecondsAt(percentile) / 1000).toFixed(3)
          }`
        );
        return [`latency_percentiles_usec_${name}`, percentiles.join(",")];
      });
    },
  };
}

/** At most six decimals. */
function percentileText(percentile: number): string {
  return percentile.toFixed(6).replace(/\.?0+$/, "");
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
      [...stats.errorKinds].sort().map(([kind, count]) => [`errorstat_${kind}`, `count=${count}`]),
  };
}
