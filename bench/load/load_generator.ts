/**
 * Many load connections on one event loop, driven for a span of time: as fast as the server answers
 * (closed loop), or at a fixed rate, for latencies below full load.
 */

import { LatencyHistogram } from "../latency_histogram.ts";
import { LoadConnection } from "./load_connection.ts";
import { inBursts, prepareConnection } from "./opening.ts";
import { connectToServer, type ReachedServer } from "./reached_server.ts";
import type { WireProtocol } from "./wire.ts";
import type { OperationCatalogue, WorkloadName } from "./workloads.ts";

/** What to connect to, and what to send there. */
export interface LoadPlan extends ReachedServer {
  readonly protocol: WireProtocol;
  readonly workload: WorkloadName;
  /** Keys, and members of each sorted set, that the server holds. */
  readonly keys: number;
  readonly connections: number;
  readonly pipeline: number;
  /** Connections with the same seed ask for the same keys; not 0. */
  readonly seed: number;
}

export interface LoadSpan {
  readonly durationMs: number;
  /** Requests in a second over all connections; as many as possible if it is not given. */
  readonly ratePerSecond?: number;
}

/** What was done in one span. */
export interface LoadResult {
  readonly operations: number;
  readonly elapsedMs: number;
  /** An encoded LatencyHistogram. */
  readonly histogram: string;
}

export class LoadGenerator {
  readonly #connections: LoadConnection[];
  readonly #histogram: LatencyHistogram;

  private constructor(connections: LoadConnection[], histogram: LatencyHistogram) {
    this.#connections = connections;
    this.#histogram = histogram;
  }

  /** Opens the plan's connections. `catalogue` must be of the plan's protocol and keys. */
  static async open(plan: LoadPlan, catalogue: OperationCatalogue): Promise<LoadGenerator> {
    const histogram = LatencyHistogram.create();
    const operations = catalogue.operations(plan.workload);
    const connections: LoadConnection[] = [];
    const open = async (index: number) => {
      const connection = await connectToServer(
        plan,
        plan.protocol === "native" ? "native" : "resp",
      );
      const seed = Math.imul(plan.seed + index, 0x9e3779b1) | 1;
      connections.push(
        new LoadConnection(connection, { operations, pipeline: plan.pipeline, histogram, seed }),
      );
      if (plan.protocol === "resp3") await prepareConnection(connection, ["HELLO", "3"]);
    };
    try {
      await inBursts(plan.connections, open);
    } catch (error) {
      for (const connection of connections) connection.close();
      throw error;
    }
    return new LoadGenerator(connections, histogram);
  }

  /** Sends and checks for that long. Rejects at the first wrong reply. */
  async run({ durationMs, ratePerSecond }: LoadSpan): Promise<LoadResult> {
    this.#histogram.reset();
    for (const connection of this.#connections) connection.operations = 0;
    const startMs = performance.now();
    const endMs = startMs + durationMs;
    await Promise.all(
      ratePerSecond === undefined
        ? this.#connections.map((connection) => saturate(connection, endMs))
        : this.#connections.map((connection, i) => {
          const intervalMs = this.#connections.length * 1000 / ratePerSecond;
          const firstMs = startMs + intervalMs * i / this.#connections.length;
          return pace(connection, firstMs, intervalMs, endMs);
        }),
    );
    return {
      operations: this.#connections.reduce((sum, { operations }) => sum + operations, 0),
      elapsedMs: performance.now() - startMs,
      histogram: this.#histogram.encode(),
    };
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

/** One window after the other; at least one. */
async function saturate(connection: LoadConnection, endMs: number): Promise<void> {
  do await connection.exchange(); while (performance.now() < endMs);
}

/**
 * One window each interval, at least one. When a reply comes after the next window was due, that window's latency
 * counts from when it was due: a stall delays all that should have been asked meanwhile. Lateness of
 * the generator's own timers (up to a millisecond) is not the server's and does not count. What a
 * server that cannot keep up has not been asked by the end is left out.
 */
async function pace(
  connection: LoadConnection,
  firstMs: number,
  intervalMs: number,
  endMs: number,
): Promise<void> {
  let dueMs = firstMs;
  do {
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await connection.exchange();
    } else {
      await connection.exchange(dueMs);
    }
    dueMs += intervalMs;
  } while (dueMs < endMs && performance.now() < endMs);
}
