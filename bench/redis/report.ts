/**
 * The comparison's tables: one row a variant for what redis-benchmark measured, throughput and CPU
 * time side by side, then one row a figure for everything else. "most ×" is the ratio of throughput
 * at which redis-benchmark would have no time left, however fast the server.
 */

import { type BarChart, barChartSvg, type BarGroup, type ChartPanel } from "../bar_chart.ts";
import type { ServerKind } from "../server_processes.ts";
import { cell, type Column, countCell, textTable } from "../text_table.ts";
import {
  goalMet,
  goalText,
  kindsOf,
  type Measurement,
  medianOf,
  ratioCeiling,
  ratioTo,
} from "./measurement.ts";

/** All tables as text: rows of the same servers share one. */
export function comparisonTables(measurements: readonly Measurement[]): string {
  const throughput = measurements.filter(({ metric }) => metric === "throughput");
  const others = measurements.filter((measurement) => !isOfBenchmark(measurement, throughput));
  return [
    ...byServers(throughput, (rows, kinds) => throughputTable(rows, measurements, kinds)),
    ...byServers(others, figureTable),
  ].join("\n\n");
}

function byServers(
  measurements: readonly Measurement[],
  table: (rows: readonly Measurement[], kinds: readonly ServerKind[]) => string,
): string[] {
  const groups = Map.groupBy(measurements, (measurement) => kindsOf(measurement).join());
  return Array.from(groups.values(), (rows) => table(rows, kindsOf(rows[0])));
}

/** Whether a measurement is shown in, or behind, a row of the throughput table. */
function isOfBenchmark(measurement: Measurement, throughput: readonly Measurement[]): boolean {
  return throughput.some((row) => isSameRun(row, measurement));
}

function isSameRun(a: Measurement, b: Measurement): boolean {
  return a.case === b.case && a.variant === b.variant;
}

function throughputTable(
  rows: readonly Measurement[],
  measurements: readonly Measurement[],
  kinds: readonly ServerKind[],
): string {
  const columns = [
    left("case"),
    left("variant"),
    ...comparedColumns(kinds, "ops/s"),
    { title: "most ×", align: "right" } as const,
    ...comparedColumns(kinds, "CPU µs"),
    left("goal"),
    left(""),
  ];
  const cells = rows.map((row) => {
    const beside = (metric: Measurement["metric"]) =>
      measurements.find((other) => other.metric === metric && isSameRun(row, other));
    const cpu = beside("cpu");
    const generatorCpu = beside("generator-cpu");
    const goals = [row, cpu].filter((one) => one?.goal !== undefined) as Measurement[];
    return [
      row.case,
      row.variant,
      ...comparedCells(row, kinds, countCell),
      generatorCpu === undefined ? "–" : cell(ratioCeiling(row, generatorCpu), 2),
      ...(cpu === undefined
        ? comparedColumns(kinds, "").map(() => "–")
        : comparedCells(cpu, kinds, (value) => cell(value, 2))),
      goals.map((goal) => (goal.metric === "cpu" ? "CPU " : "") + goalText(goal)).join(", "),
      goals.map(verdict).join(", "),
    ];
  });
  return textTable(columns, cells);
}

function figureTable(rows: readonly Measurement[], kinds: readonly ServerKind[]): string {
  const columns = [
    left("case"),
    left("figure"),
    left("unit"),
    ...comparedColumns(kinds, ""),
    left("goal"),
    left(""),
  ];
  const cells = rows.map((row) => [
    row.case,
    row.variant,
    row.unit,
    ...comparedCells(row, kinds, (value) => value >= 10_000 ? countCell(value) : cell(value, 2)),
    goalText(row),
    verdict(row),
  ]);
  return textTable(columns, cells);
}

/** A column for each server's median, and one for the ratio after each server but the first. */
function comparedColumns(kinds: readonly ServerKind[], unit: string): Column[] {
  return kinds.flatMap((kind) => {
    const own: Column = { title: `${kind} ${unit}`.trim(), align: "right" };
    return kind === "ravel" ? [own] : [own, { title: "×", align: "right" } as const];
  });
}

function comparedCells(
  measurement: Measurement,
  kinds: readonly ServerKind[],
  format: (value: number) => string,
): string[] {
  return kinds.flatMap((kind) => {
    const own = format(medianOf(measurement, kind));
    return kind === "ravel" ? [own] : [own, cell(ratioTo(measurement, kind), 2)];
  });
}

function verdict(measurement: Measurement): string {
  const met = goalMet(measurement);
  return met === undefined ? "" : met ? "reached" : "MISSED";
}

function left(title: string): Column {
  return { title, align: "left" };
}

/** Throughput relative to redis-server (1 = as fast), a panel for each depth of pipeline. */
export function comparisonChart(measurements: readonly Measurement[], subtitle: string): string {
  const panels = new Map<string, BarGroup[]>();
  for (const measurement of measurements) {
    const [, label, depth] = /^(.+) P(\d+)$/.exec(measurement.variant) ?? [];
    const value = ratioTo(measurement, "redis");
    if (measurement.metric !== "throughput" || depth === undefined || !(value > 0)) continue;
    // It repeats a default test, to show what limits it.
    if (measurement.samples.bare !== undefined) continue;
    const title = depth === "1" ? "no pipeline" : `pipeline ${depth}`;
    if (!panels.has(title)) panels.set(title, []);
    panels.get(title)?.push({ label, values: [1, value] });
  }
  const chart: BarChart = {
    title: "Throughput relative to redis-server",
    subtitle,
    series: ["redis-server", "Ravel"],
    panels: [...panels].map(([title, groups]): ChartPanel => ({ title, groups })),
    format: (value) => `${value.toFixed(2)} ×`,
  };
  return barChartSvg(chart);
}
