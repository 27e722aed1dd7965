/**
 * One figure of the comparison: what was measured, on which servers, how often, and what it must
 * reach. Everything that the cases find out is a list of these, so the table and the JSON need to
 * know nothing about the cases.
 */

import { SERVER_KINDS, type ServerKind } from "../server_processes.ts";
import { finiteOrNull, median, ratio, spread } from "../statistics.ts";

/** What a figure of Ravel's must reach: all that are given. */
export interface Goal {
  /** Ravel's median divided by redis-server's. */
  readonly ratioAtLeast?: number;
  readonly ratioAtMost?: number;
  /** Ravel's median, in the measurement's unit. */
  readonly atMost?: number;
}

export interface Measurement {
  /** The case, as `--only` takes it. */
  readonly case: string;
  /** Which of the case's variants, as "GET P16". */
  readonly variant: string;
  readonly metric: "throughput" | "cpu" | "generator-cpu" | "memory" | "latency" | "count";
  readonly unit: string;
  /** One value a round for each server. */
  readonly samples: Readonly<Partial<Record<ServerKind, readonly number[]>>>;
  readonly goal?: Goal;
}

/** The servers that were measured, in the order of tables. */
export function kindsOf({ samples }: Measurement): readonly ServerKind[] {
  return SERVER_KINDS.filter((kind) => samples[kind] !== undefined);
}

/** The median of a server's rounds; NaN for a server that was not measured. */
export function medianOf(measurement: Measurement, kind: ServerKind): number {
  return median(measurement.samples[kind] ?? []);
}

/** Ravel's median divided by another server's; NaN where one of them is missing. */
export function ratioTo(measurement: Measurement, kind: ServerKind): number {
  return ratio(medianOf(measurement, "ravel"), medianOf(measurement, kind));
}

/**
 * The most that a throughput's ratio to redis-server could be: one thread of a load generator that
 * spends so much CPU time on each request of Ravel's, to redis-server's throughput. NaN where one of
 * them is missing.
 */
export function ratioCeiling(throughput: Measurement, generatorCpu: Measurement): number {
  const operationsPerSecond = ratio(1e6, medianOf(generatorCpu, "ravel"));
  return ratio(operationsPerSecond, medianOf(throughput, "redis"));
}

/** Whether the goal is reached; undefined where there is none or a figure for it is missing. */
export function goalMet(measurement: Measurement): boolean | undefined {
  const { goal } = measurement;
  if (goal === undefined) return undefined;
  const ours = medianOf(measurement, "ravel");
  const compared = ratioTo(measurement, "redis");
  const verdicts: boolean[] = [];
  const judge = (value: number, holds: boolean) => {
    if (Number.isFinite(value)) verdicts.push(holds);
  };
  if (goal.atMost !== undefined) judge(ours, ours <= goal.atMost);
  if (goal.ratioAtLeast !== undefined) judge(compared, compared >= goal.ratioAtLeast);
  if (goal.ratioAtMost !== undefined) judge(compared, compared <= goal.ratioAtMost);
  return verdicts.length === 0 ? undefined : verdicts.every((holds) => holds);
}

/** The goal in a table's cell: "≥ 1.30 ×", "≤ 100 MB, ≤ 0.70 ×". */
export function goalText({ goal, unit }: Measurement): string {
  const parts: string[] = [];
  if (goal?.atMost !== undefined) parts.push(`≤ ${goal.atMost} ${unit}`);
  if (goal?.ratioAtLeast !== undefined) parts.push(`≥ ${goal.ratioAtLeast.toFixed(2)} ×`);
  if (goal?.ratioAtMost !== undefined) parts.push(`≤ ${goal.ratioAtMost.toFixed(2)} ×`);
  return parts.join(", ");
}

/** The measurement with everything derived from it, for JSON; null for what is missing. */
export function measurementRecord(measurement: Measurement): Record<string, unknown> {
  const { samples } = measurement;
  const kinds = kindsOf(measurement);
  const forEachKind = (value: (kind: ServerKind) => number) =>
    Object.fromEntries(kinds.map((kind) => [kind, finiteOrNull(value(kind))]));
  return {
    case: measurement.case,
    variant: measurement.variant,
    metric: measurement.metric,
    unit: measurement.unit,
    median: forEachKind((kind) => medianOf(measurement, kind)),
    spread: forEachKind((kind) => spread(samples[kind] ?? [])),
    ratioToRedis: finiteOrNull(ratioTo(measurement, "redis")),
    ratioToValkey: finiteOrNull(ratioTo(measurement, "valkey")),
    samples: Object.fromEntries(
      kinds.map((kind) => [kind, (samples[kind] ?? []).map(finiteOrNull)]),
    ),
    goal: measurement.goal ?? null,
    goalMet: goalMet(measurement) ?? null,
  };
}
