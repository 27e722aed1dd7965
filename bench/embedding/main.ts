/**
 * `deno task bench:embedding`: what the npm package costs the program that it is part of. The package
 * is built, installed from its tarball into a temporary folder, and used there on every runtime.
 */

import { RUNTIMES } from "../../tests/harness/npm_installation.ts";
import { PackageProject } from "../../tests/harness/npm_package.ts";
import { machineLine, thisMachine } from "../machine.ts";
import { exitCodeOf } from "../option_values.ts";
import { requireRedisBenchmark } from "../redis/redis_benchmark.ts";
import { measureCycles } from "./cycles.ts";
import { type Figure, figureTable } from "./figure.ts";
import { measureIdle } from "./idle.ts";
import { EMBEDDING_HELP, type Group, parseEmbeddingOptions } from "./options.ts";
import type { MeasureGroup } from "./package_bench.ts";
import { measureStart } from "./start.ts";
import { measureThroughput } from "./throughput.ts";
import { measureVitest } from "./vitest.ts";

const MEASURE: Readonly<Record<Group, MeasureGroup>> = {
  start: measureStart,
  cycles: measureCycles,
  idle: measureIdle,
  vitest: measureVitest,
  throughput: measureThroughput,
};

async function main(): Promise<void> {
  const options = parseEmbeddingOptions(Deno.args);
  if (options === "help") return console.log(EMBEDDING_HELP);
  if (options.only.includes("throughput")) requireRedisBenchmark();
  await using project = await PackageProject.create();
  const versions = await Promise.all(RUNTIMES.map(async ({ program, name }) => {
    const { stdout } = await project.run(program, ["--version"]);
    return `${name.split(" ")[0]} ${stdout.trim().replace("v", "")}`;
  }));
  console.log(`${machineLine(thisMachine())}, ${versions.join(", ")}`);
  const log = (line: string) => console.error(`  ${line}`);
  const figures: Figure[] = [];
  for (const group of options.only) {
    figures.push(...await MEASURE[group]({ project, runtimes: RUNTIMES, options, log }));
  }
  console.log(`\n${figureTable(figures, options.form)}`);
}

if (import.meta.main) Deno.exit(await exitCodeOf(main));
