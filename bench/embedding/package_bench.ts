/**
 * A group of figures, and what it has to measure them with: a project in a temporary folder with the
 * package installed from its tarball, and the runtimes.
 */

import type { Runtime } from "../../tests/harness/npm_installation.ts";
import type { PackageProject } from "../../tests/harness/npm_package.ts";
import type { Figure } from "./figure.ts";
import type { EmbeddingOptions } from "./options.ts";

export interface Bench {
  readonly project: PackageProject;
  readonly runtimes: readonly Runtime[];
  readonly options: EmbeddingOptions;
  /** Tells of progress. */
  readonly log: (line: string) => void;
}

export type MeasureGroup = (bench: Bench) => Promise<Figure[]>;

/** Runs a program of the project that prints JSON. @throws with its complaint where it fails */
export async function figuresOf<T>(
  { project }: Bench,
  { name, program }: Runtime,
  args: readonly string[],
): Promise<T> {
  const { code, stdout, stderr } = await project.run(program, args);
  if (code !== 0) throw new Error(`${name} ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Every round has a turn of each, so that a slow minute of the machine hits all of them. */
export async function inTurns<T, R>(
  rounds: number,
  kinds: readonly T[],
  measure: (kind: T) => Promise<R>,
): Promise<Map<T, R[]>> {
  const samples = new Map<T, R[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) samples.get(kind)!.push(await measure(kind));
  }
  return samples;
}
