/**
 * The main thread's side of the load generator's Workers: spreads connections over them, starts
 * them together, adds up what they measured.
 */

import { LatencyHistogram } from "../latency_histogram.ts";
import type { LoadPlan, LoadResult, LoadSpan } from "./load_generator.ts";
import type { LoadAnswer, LoadMessage } from "./load_worker.ts";
import { askWorker } from "./worker_request.ts";

/** How long a Worker may take over its span, and for everything else. */
const GRACE_MS = 120_000;

/** What all Workers did in one span. */
export interface LoadTotals {
  readonly operations: number;
  readonly elapsedMs: number;
  readonly histogram: LatencyHistogram;
}

export class LoadWorkers implements Disposable {
  readonly #workers: readonly Worker[];

  constructor(count: number) {
    const url = new URL("./load_worker.ts", import.meta.url);
    this.#workers = Array.from({ length: count }, () => new Worker(url, { type: "module" }));
  }

  /** Opens the plan's connections, spread over the Workers. */
  async connect(plan: LoadPlan): Promise<void> {
    const workers = this.#workers.length;
    await Promise.all(this.#workers.map((worker, i) => {
      const connections = Math.floor((plan.connections + i) / workers);
      const seed = plan.seed + i * plan.connections;
      return ask(worker, { type: "connect", plan: { ...plan, connections, seed } }, GRACE_MS);
    }));
  }

  /** Runs for that long. Rejects at the first wrong reply. */
  async run(span: LoadSpan): Promise<LoadTotals> {
    const rate = span.ratePerSecond;
    const share = rate === undefined
      ? span
      : { ...span, ratePerSecond: rate / this.#workers.length };
    const limitMs = span.durationMs + GRACE_MS;
    const answers = await Promise.all(
      this.#workers.map((worker) => ask(worker, { type: "run", span: share }, limitMs)),
    );
    return total(answers.flatMap((answer) => answer.type === "result" ? [answer.result] : []));
  }

  /** Closes the connections; the Workers stay for the next plan. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => ask(worker, { type: "close" }, GRACE_MS)));
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

/** Adds up what ran side by side: the operations of all, the time of the slowest. */
export function total(results: readonly LoadResult[]): LoadTotals {
  const histogram = LatencyHistogram.create();
  for (const result of results) histogram.add(LatencyHistogram.decode(result.histogram));
  return {
    operations: results.reduce((sum, { operations }) => sum + operations, 0),
    elapsedMs: Math.max(...results.map(({ elapsedMs }) => elapsedMs)),
    histogram,
  };
}

function ask(worker: Worker, message: LoadMessage, limitMs: number): Promise<LoadAnswer> {
  return askWorker<LoadAnswer>(worker, message, limitMs);
}
