/**
 * A server's metrics: what INFO tells, in Prometheus's format. Each look at them measures anew, and
 * nothing is kept or counted for them in between.
 *
 * ```
 * INFO          used_memory:1024           cmdstat_get:calls=7,usec=21,…
 * metrics       redis_memory_used_bytes    redis_commands_total{cmd="get"}
 *               1024                       7
 * ```
 */

import type { InfoField, InfoSection } from "../report/info/info_section.ts";
import { Exposition } from "./exposition.ts";
import { METRIC_NAMES, type MetricKind } from "./metric_names.ts";

const PREFIX = "redis_";
const MICROSECONDS = 1e6;
/** More kinds of errors than a dashboard can show; Redis's own limit of them is the same. */
const MAX_ERROR_KINDS = 128;

/** What the metrics read. */
export interface MetricSources {
  readonly info: readonly InfoSection[];
  readonly config: { readonly maxClients: number; readonly maxMemoryBytes: number };
  readonly lifecycle: { readonly startedAtMs: number };
  readonly slowLog: {
    readonly size: number;
    latest(count: number): Iterable<{ readonly id: number; readonly microseconds: number }>;
  };
}

/** All metrics of now. O(fields of INFO, commands that were called). */
export function metricsText(server: MetricSources): string {
  const metrics = new Metrics();
  metrics.gauge("up", "Whether the server runs.", 1);
  metrics.gauge(
    "start_time_seconds",
    "When the server started, in seconds since 1970.",
    Math.floor(server.lifecycle.startedAtMs / 1000),
  );
  metrics.gauge("config_maxclients", "The setting maxclients.", server.config.maxClients);
  metrics.gauge("config_maxmemory", "The setting maxmemory.", server.config.maxMemoryBytes);
  metrics.gauge("slowlog_length", "Entries of the slow log.", server.slowLog.size);
  for (const { id, microseconds } of server.slowLog.latest(1)) {
    metrics.gauge("slowlog_last_id", "Number of the slow log's last entry.", id);
    metrics.gauge(
      "last_slow_execution_duration_seconds",
      "What the slow log's last entry took.",
      microseconds / MICROSECONDS,
    );
  }
  const texts = new Map<string, string>();
  for (const { fields } of server.info) {
    for (const field of fields()) {
      metrics.field(field);
      if (INSTANCE_FIELDS.has(field[0])) texts.set(field[0], String(field[1]));
    }
  }
  metrics.instance(texts);
  return metrics.toString();
}

/** What the metric `redis_instance_info` names, its value being always 1. */
const INSTANCE_FIELDS: ReadonlySet<string> = new Set([
  "role",
  "redis_version",
  "redis_build_id",
  "redis_mode",
  "os",
  "maxmemory_policy",
  "tcp_port",
  "run_id",
  "process_id",
  "master_replid",
]);

class Metrics {
  readonly #out = new Exposition();
  #errorKinds = 0;

  gauge(name: string, help: string, value: number, labels?: Record<string, string>): void {
    this.#add(name, "gauge", help, value, labels);
  }

  field([name, value]: InfoField): void {
    const metric = METRIC_NAMES.get(name);
    if (metric !== undefined) {
      this.#add(metric.name, metric.kind, `INFO's field ${name}.`, numberOf(value));
      return;
    }
    const text = String(value);
    const kind = /^(cmdstat|errorstat|latency_percentiles_usec)_|^db(?=\d+$)/.exec(name)?.[0];
    if (kind === undefined) return;
    const parts = partsOf(text);
    const subject = name.slice(kind.length);
    if (kind === "cmdstat_") this.#command(subject, parts);
    else if (kind === "errorstat_") this.#error(subject, parts);
    else if (kind === "db") this.#database(name, parts);
    else this.#percentiles(subject, parts);
  }

  instance(texts: ReadonlyMap<string, string>): void {
    this.gauge("instance_info", "What the server is.", 1, Object.fromEntries(texts));
  }

  toString(): string {
    return this.#out.toString();
  }

  #command(cmd: string, parts: ReadonlyMap<string, number>): void {
    const count = (name: string, help: string, value: number | undefined) => {
      if (value !== undefined) this.#add(name, "counter", help, value, { cmd });
    };
    count("commands_total", "Calls by command.", parts.get("calls"));
    const microseconds = parts.get("usec");
    count(
      "commands_duration_seconds_total",
      "Seconds by command.",
      microseconds === undefined ? undefined : microseconds / MICROSECONDS,
    );
    count(
      "commands_rejected_calls_total",
      "Calls by command that were refused before they ran.",
      parts.get("rejected_calls"),
    );
    count(
      "commands_failed_calls_total",
      "Calls by command that ended with an error.",
      parts.get("failed_calls"),
    );
  }

  #error(err: string, parts: ReadonlyMap<string, number>): void {
    const count = parts.get("count");
    if (count === undefined || this.#errorKinds++ >= MAX_ERROR_KINDS) return;
    this.#add("errors_total", "counter", "Error replies by their first word.", count, { err });
  }

  #database(db: string, parts: ReadonlyMap<string, number>): void {
    const keys = parts.get("keys");
    const expires = parts.get("expires");
    if (keys === undefined || expires === undefined) return;
    this.gauge("db_keys", "Keys by database.", keys, { db });
    this.gauge("db_keys_expiring", "Keys that expire, by database.", expires, { db });
    const averageMs = parts.get("avg_ttl");
    if (averageMs === undefined) return;
    this.gauge("db_avg_ttl_seconds", "Seconds to live, on average.", averageMs / 1000, { db });
  }

  #percentiles(cmd: string, parts: ReadonlyMap<string, number>): void {
    for (const [name, microseconds] of parts) {
      const percent = Number(name.replace(/^p/, ""));
      if (!Number.isFinite(percent)) continue;
      this.gauge(
        "latency_percentiles_usec",
        "Microseconds by command, and by the share of its calls that took no longer.",
        microseconds,
        { cmd, quantile: String(percent / 100) },
      );
    }
  }

  #add(
    name: string,
    kind: MetricKind,
    help: string,
    value: number,
    labels?: Record<string, string>,
  ): void {
    this.#out.add({ name: PREFIX + name, kind, help }, value, labels);
  }
}

/** Numbers, and the words by which INFO says that something went well or not. */
function numberOf(value: string | number): number {
  if (typeof value === "number") return value;
  if (value === "ok") return 1;
  if (value === "err" || value === "fail") return 0;
  return value === "" ? NaN : Number(value.replace(/%$/, ""));
}

/** `calls=7,usec=21` as numbers by name. */
function partsOf(text: string): Map<string, number> {
  const parts = new Map<string, number>();
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    if (at > 0) parts.set(part.slice(0, at), Number(part.slice(at + 1)));
  }
  return parts;
}
