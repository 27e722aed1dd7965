/**
 * `deno task bench:redis`: Ravel beside redis-server (and valkey-server), by redis-benchmark.
 *
 * Servers run on this machine one case at a time, are measured in alternating rounds so that a slow
 * minute of the machine hits all of them, and are compared by medians.
 */

import { machineLine, thisMachine } from "../machine.ts";
import { exitCodeOf, UsageError } from "../option_values.ts";
import { installedVersion, type ServerKind } from "../server_processes.ts";
import type { BenchCase } from "./bench_case.ts";
import { ALL_CASES } from "./cases/mod.ts";
import { kindsOf, type Measurement, measurementRecord, medianOf, ratioTo } from "./measurement.ts";
import { COMPARISON_HELP, type ComparisonOptions, parseComparisonOptions } from "./options.ts";
import { requireRedisBenchmark } from "./redis_benchmark.ts";
import { comparisonChart, comparisonTables } from "./report.ts";

async function main(): Promise<void> {
  const options = parseComparisonOptions(Deno.args);
  if (options === "help") return console.log(COMPARISON_HELP);
  if (options === "list") {
    return ALL_CASES.forEach(({ name, summary }) => console.log(`${name.padEnd(24)}${summary}`));
  }
  const cases = selectCases(ALL_CASES, options.only);
  requireRedisBenchmark();
  const versions = otherServers();
  const kinds: readonly ServerKind[] = ["ravel", ...Object.keys(versions) as ServerKind[]];
  const machine = thisMachine();
  const startedAt = new Date().toISOString();
  const names = Object.entries(versions).map(([kind, version]) => `${kind}-server ${version}`);
  const head = `${machineLine(machine)}; ${names.join(", ")}`;
  console.log(head);
  const { measurements, failures } = await runCases(cases, kinds, options);
  console.log(`\n${comparisonTables(measurements)}`);
  if (options.jsonFile !== undefined) {
    const { rounds, seconds, connections, keys } = options;
    const document = {
      bench: "ravel against redis",
      startedAt,
      machine,
      servers: versions,
      options: { rounds, seconds, connections, keys },
      measurements: measurements.map(measurementRecord),
      failures,
    };
    Deno.writeTextFileSync(options.jsonFile, JSON.stringify(document, null, 2) + "\n");
  }
  if (options.svgFile !== undefined) {
    Deno.writeTextFileSync(options.svgFile, comparisonChart(measurements, head));
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} cases failed: ${failures.map((f) => f.case).join(", ")}`);
  }
}

interface Failure {
  readonly case: string;
  readonly message: string;
}

/** Runs one case after the other; one that fails is noted, and the next one runs. */
async function runCases(
  cases: readonly BenchCase[],
  kinds: readonly ServerKind[],
  options: ComparisonOptions,
): Promise<{ measurements: Measurement[]; failures: Failure[] }> {
  const measurements: Measurement[] = [];
  const failures: Failure[] = [];
  for (const benchCase of cases) {
    try {
      await benchCase.run({
        options,
        kinds,
        report(measurement) {
          measurements.push(measurement);
          console.error(progressLine(measurement));
        },
        log: (line) => console.error(`  ${benchCase.name}: ${line}`),
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push({ case: benchCase.name, message });
      console.error(`  ${benchCase.name} failed: ${message}`);
    }
  }
  return { measurements, failures };
}

function progressLine(measurement: Measurement): string {
  const figures = kindsOf(measurement).map((kind) => {
    const compared = kind === "ravel" ? "" : ` (× ${ratioTo(measurement, kind).toFixed(2)})`;
    return `${kind} ${medianOf(measurement, kind).toPrecision(4)}${compared}`;
  });
  const { case: name, variant, unit } = measurement;
  return `  ${name} ${variant}, ${unit}: ${figures.join(", ")}`;
}

/** The cases that the names, or their groups, select. @throws {UsageError} for a name of none */
export function selectCases(
  cases: readonly BenchCase[],
  only: readonly string[] | undefined,
): readonly BenchCase[] {
  if (only === undefined) return cases;
  const selects = (word: string) => ({ name }: BenchCase) =>
    name === word || name.startsWith(`${word}/`);
  const unknown = only.find((word) => !cases.some(selects(word)));
  if (unknown !== undefined) throw new UsageError(`there is no case ${JSON.stringify(unknown)}`);
  return cases.filter((benchCase) => only.some((word) => selects(word)(benchCase)));
}

/** The installed servers and their versions. */
function otherServers(): Partial<Record<ServerKind, string>> {
  const versions: Partial<Record<ServerKind, string>> = {};
  for (const kind of ["redis", "valkey"] as const) {
    const version = installedVersion(kind);
    if (version !== undefined) versions[kind] = version;
  }
  return versions;
}

if (import.meta.main) Deno.exit(await exitCodeOf(main));
