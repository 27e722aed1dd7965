/** The command line of `deno task bench:embedding`. */

import { parseTexts, positiveInteger, positiveNumber, subset } from "../option_values.ts";

/** The groups of figures, in the order of the table. */
const GROUPS = ["start", "cycles", "idle", "vitest", "throughput"] as const;
export type Group = typeof GROUPS[number];

export interface EmbeddingOptions {
  readonly only: readonly Group[];
  /** Rounds of each measurement, of which the median counts. */
  readonly rounds: number;
  /** About how long one run of redis-benchmark takes. */
  readonly seconds: number;
  readonly form: "text" | "markdown";
}

export const EMBEDDING_HELP =
  `Measures the npm package as programs on Node and Bun use it, and the single file for Deno.

Usage:
  deno task bench:embedding [options]

The first run downloads 250 MB: Node's versions, Bun, and test runners; the tests of the package use
the same. redis-server and redis-benchmark have to be installed.

Options:
  --only LIST         of ${GROUPS.join(", ")}
  --rounds N          rounds of each measurement, of which the median counts (5)
  --seconds S         about how long each run of redis-benchmark takes (2)
  --markdown          print the table for a page
  --help              show this help`;

/** @throws {UsageError} for what is no option, or a value out of range */
export function parseEmbeddingOptions(args: readonly string[]): EmbeddingOptions | "help" {
  const texts = parseTexts(args, ["only", "rounds", "seconds"], ["markdown"]);
  if (texts === "help") return "help";
  return {
    only: subset("only", texts.only, GROUPS),
    rounds: positiveInteger("rounds", texts.rounds ?? "5", 1000),
    seconds: positiveNumber("seconds", texts.seconds ?? "2"),
    form: texts.markdown === undefined ? "text" : "markdown",
  };
}
