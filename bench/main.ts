/**
 * `deno task bench`: how fast a Ravel server is, measured with nothing but Deno.
 *
 * ```
 * this process            ServerProcess            `deno run --allow-net main.ts serve`
 *   ├─ Worker: generator ────TCP──────────────────▶  the server, a process of its own
 *   └─ Worker: generator ────TCP──────────────────▶  (or one that runs already: --host, --port)
 * ```
 *
 * The generator takes CPU too: on few cores its share limits what is shown here, equally for every
 * case. The server's own cost is the column "CPU µs/op".
 */

import { barChartSvg, type ChartPanel, shortCount } from "./bar_chart.ts";
import { localServer } from "./load/reached_server.ts";
import { type Machine, machineLine, thisMachine } from "./machine.ts";
import { exitCodeOf } from "./option_values.ts";
import { BENCH_HELP, type BenchOptions, parseBenchOptions } from "./options.ts";
import { ServerProcess } from "./server_processes.ts";
import { cell, type Column, countCell, textTable } from "./text_table.ts";
import { type CaseResult, runThroughputBench, type Target } from "./throughput_bench.ts";

const COLUMNS: readonly Column[] = [
  { title: "protocol", align: "left" },
  { title: "workload", align: "left" },
  { title: "pipeline", align: "right" },
  { title: "ops/s", align: "right" },
  { title: "p50 ms", align: "right" },
  { title: "p99 ms", align: "right" },
  { title: "p99.9 ms", align: "right" },
  { title: "max ms", align: "right" },
  { title: "CPU µs/op", align: "right" },
];

async function main(): Promise<void> {
  const options = parseBenchOptions(Deno.args);
  if (options === "help") return console.log(BENCH_HELP);
  const machine = thisMachine();
  const startedAt = new Date().toISOString();
  console.log(`${machineLine(machine)}\n${optionsLine(options)}`);
  const results = await runOn(options, (result) => {
    const speed = countCell(result.operationsPerSecond ?? NaN);
    console.error(
      `  ${result.protocol} ${result.workload} pipeline ${result.pipeline}: ${speed}/s`,
    );
  });
  console.log(textTable(COLUMNS, results.map(row)));
  if (options.jsonFile !== undefined) {
    const { connections, keys, seconds, warmupSeconds, workers } = options;
    const document = {
      bench: "ravel",
      startedAt,
      machine,
      options: { connections, keys, seconds, warmupSeconds, workers },
      results,
    };
    Deno.writeTextFileSync(options.jsonFile, JSON.stringify(document, null, 2) + "\n");
  }
  if (options.svgFile !== undefined) {
    Deno.writeTextFileSync(options.svgFile, chart(results, options, machine));
  }
}

async function runOn(
  options: BenchOptions,
  report: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  if (options.external !== undefined) {
    return await runThroughputBench(options.external, options, report);
  }
  await using server = await ServerProcess.start("ravel");
  const { port, pid } = server;
  const target: Target = { ...localServer(port), pid };
  return await runThroughputBench(target, options, report);
}

function optionsLine({ connections, keys, seconds, workers }: BenchOptions): string {
  return `${connections} connections from ${workers} Worker${workers === 1 ? "" : "s"}, ` +
    `${countCell(keys)} keys, ${seconds} s a case`;
}

function row(result: CaseResult): string[] {
  const { p50, p99, p999, max } = result.latencyMs;
  return [
    result.protocol,
    result.workload,
    String(result.pipeline),
    countCell(result.operationsPerSecond ?? NaN),
    ...[p50, p99, p999, max].map((value) => cell(value, 3)),
    cell(result.cpuMicrosPerOperation ?? NaN, 2),
  ];
}

function chart(results: readonly CaseResult[], options: BenchOptions, machine: Machine): string {
  const { protocols, workloads, pipelines, connections, keys } = options;
  const panels = pipelines.map((pipeline): ChartPanel => ({
    title: pipeline === 1 ? "no pipeline" : `pipeline ${pipeline}`,
    groups: workloads.map((workload) => ({
      label: workload.toUpperCase(),
      values: protocols.map((protocol) =>
        results.find((result) =>
          result.protocol === protocol && result.workload === workload &&
          result.pipeline === pipeline
        )?.operationsPerSecond ?? NaN
      ),
    })),
  }));
  return barChartSvg({
    title: "Ravel: operations per second",
    subtitle: `${connections} connections, ${countCell(keys)} keys; ${machineLine(machine)}`,
    series: protocols,
    panels,
    format: shortCount,
  });
}

if (import.meta.main) Deno.exit(await exitCodeOf(main));
