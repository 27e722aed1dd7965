/**
 * A server's metrics: what INFO tells, and what the usual exporter asks for beside that, in
 * Prometheus's format. Each look at them measures anew, and nothing is kept or counted for them in
 * between.
 *
 * ```
 * INFO               used_memory:1024           cmdstat_get:calls=7,usec=21,…
 * metrics            redis_memory_used_bytes    redis_commands_total{cmd="get"}
 *                    1024                       7
 *
 * SLOWLOG, LATENCY, CONFIG GET     redis_slowlog_…, redis_latency_spike_…, redis_config_…
 * ```
 */

import type { InfoField, InfoSection } from "../report/info/info_section.ts";
import type { LatencyHistogram } from "../report/latency/latency_histogram.ts";
import { Exposition, type Family, type FamilyKind, type Labels } from "./exposition.ts";
import { METRIC_NAMES } from "./metric_names.ts";

const PREFIX = "redis_";
const MICROSECONDS = 1e6;
/** More kinds of errors than a dashboard can show; Redis's own limit of them is the same. */
const MAX_ERROR_KINDS = 128;

/** Settings that are told as numbers, each as `config_` and its name. */
const NUMBERS = ["io-threads", "maxclients", "maxmemory", "repl-backlog-size"];
const BUFFER_LIMITS = "client-output-buffer-limit";

/** What the metrics read. */
export interface MetricSources {
  readonly info: readonly InfoSection[];
  readonly config: {
    /** Values of settings as CONFIG GET answers them. */
    get(...names: readonly string[]): ReadonlyMap<string, string>;
  };
  readonly lifecycle: { readonly startedAtMs: number };
  readonly slowLog: {
    readonly size: number;
    latest(count: number): Iterable<{ readonly id: number; readonly microseconds: number }>;
  };
  readonly latency: {
    readonly events: ReadonlyMap<
      string,
      { readonly latest: { readonly atSeconds: number; readonly milliseconds: number } }
    >;
  };
  readonly stats: {
    commands(): Iterable<[
      id: number,
      totals: { readonly elapsedMs: number; readonly histogram: LatencyHistogram | undefined },
    ]>;
  };
  /** Names for the numbers under which commands are counted. */
  readonly commands: { all(): Iterable<{ readonly id: number; readonly fullName: string }> };
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
  metrics.settings(server.config.get(...NUMBERS, BUFFER_LIMITS));
  const [last] = server.slowLog.latest(1);
  metrics.gauge("slowlog_length", "Entries of the slow log.", server.slowLog.size);
  metrics.gauge("slowlog_last_id", "Number of the slow log's last entry.", last?.id ?? 0);
  metrics.gauge(
    "last_slow_execution_duration_seconds",
    "What the slow log's last entry took.",
    (last?.microseconds ?? 0) / MICROSECONDS,
  );
  for (const [event_name, { latest }] of server.latency.events) {
    metrics.spike(event_name, latest.atSeconds, latest.milliseconds);
  }
  const texts = new Map<string, string>();
  for (const { fields } of server.info) {
    for (const field of fields()) {
      metrics.field(field);
      if (INSTANCE_FIELDS.has(field[0])) texts.set(field[0], String(field[1]));
    }
  }
  metrics.instance(texts);
  metrics.histograms(server);
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

/** Distributions of times, by command. */
const PERCENTILES: Family = {
  name: `${PREFIX}latency_percentiles_usec`,
  kind: "summary",
  help: "Microseconds by command, and by the percentage of its calls that took no longer.",
};
const HISTOGRAM: Family = {
  name: `${PREFIX}commands_latencies_usec`,
  kind: "histogram",
  help: "Calls by command, and by how many microseconds they took at most.",
};

class Metrics {
  readonly #out = new Exposition();
  /** By name of the command, what its percentiles are told with. */
  readonly #calls = new Map<string, ReadonlyMap<string, number>>();
  #errorKinds = 0;

  gauge(name: string, help: string, value: number, labels?: Labels): void {
    this.#add(name, "gauge", help, value, labels);
  }

  settings(values: ReadonlyMap<string, string>): void {
    for (const [name, value] of values) {
      if (name === BUFFER_LIMITS) this.#bufferLimits(value.split(" "));
      else {
        this.gauge(`config_${name.replaceAll("-", "_")}`, `The setting ${name}.`, Number(value));
      }
    }
  }

  /** @param words a class of clients, bytes, bytes and seconds, and again */
  #bufferLimits(words: readonly string[]): void {
    for (let i = 0; i + 3 < words.length; i += 4) {
      const [kind, hardBytes, softBytes, softSeconds] = words.slice(i, i + 4);
      const limit = (limit: string, bytes: string) =>
        this.gauge(
          "config_client_output_buffer_limit_bytes",
          "Replies that a client of the class may leave unread.",
          Number(bytes),
          { class: kind, limit },
        );
      limit("hard", hardBytes);
      limit("soft", softBytes);
      this.gauge(
        "config_client_output_buffer_limit_overcome_seconds",
        "For how long a client of the class may be over its soft limit.",
        Number(softSeconds),
        { class: kind, limit: "soft" },
      );
    }
  }

  spike(event_name: string, atSeconds: number, milliseconds: number): void {
    this.gauge(
      "latency_spike_last",
      "When an event took long for the last time, in seconds since 1970.",
      atSeconds,
      { event_name },
    );
    this.gauge("latency_spike_duration_seconds", "How long that took.", milliseconds / 1000, {
      event_name,
    });
  }

  field([name, value]: InfoField): void {
    const metric = METRIC_NAMES.get(name);
    if (metric !== undefined) {
      this.#add(metric.name, metric.kind, `INFO's field ${name}.`, numberOf(value));
      return;
    }
    if (name === "latest_fork_usec") {
      this.gauge("latest_fork_seconds", `INFO's field ${name}.`, numberOf(value) / MICROSECONDS);
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

  /** How many calls of each command took how long, as LATENCY HISTOGRAM tells it. */
  histograms({ commands, stats }: Pick<MetricSources, "commands" | "stats">): void {
    const names = new Map<number, string>();
    for (const { id, fullName } of commands.all()) names.set(id, fullName);
    for (const [id, { elapsedMs, histogram }] of stats.commands()) {
      const cmd = names.get(id);
      if (cmd === undefined || histogram === undefined) continue;
      for (const [microseconds, calls] of histogram.cumulativeCounts()) {
        this.#out.add(HISTOGRAM, calls, { cmd, le: String(microseconds) }, "_bucket");
      }
      this.#out.add(HISTOGRAM, histogram.total, { cmd, le: "+Inf" }, "_bucket");
      this.#out.add(HISTOGRAM, Math.round(elapsedMs * 1000), { cmd }, "_sum");
      this.#out.add(HISTOGRAM, histogram.total, { cmd }, "_count");
    }
  }

  toString(): string {
    return this.#out.toString();
  }

  #command(cmd: string, parts: ReadonlyMap<string, number>): void {
    this.#calls.set(cmd, parts);
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

  /** The usual exporter's labels are percentages, as INFO has them. */
  #percentiles(cmd: string, parts: ReadonlyMap<string, number>): void {
    const totals = this.#calls.get(cmd);
    if (totals === undefined) return;
    for (const [name, microseconds] of parts) {
      const quantile = name.replace(/^p/, "");
      this.#out.add(PERCENTILES, microseconds, { cmd, quantile });
    }
    this.#out.add(PERCENTILES, totals.get("usec") ?? NaN, { cmd }, "_sum");
    this.#out.add(PERCENTILES, totals.get("calls") ?? NaN, { cmd }, "_count");
  }

  #add(name: string, kind: FamilyKind, help: string, value: number, labels?: Labels): void {
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
