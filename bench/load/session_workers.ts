/** The main thread's side of the Workers that session loads run in. */

import { sharedProgress } from "./fan_out.ts";
import type { SessionPlan, SessionResult } from "./session_plan.ts";
import type { SessionAnswer, SessionMessage } from "./session_worker.ts";
import { askWorker } from "./worker_request.ts";

/** How long a Worker may take over its span, and for everything else. */
const GRACE_MS = 120_000;

export class SessionWorkers implements Disposable {
  readonly #workers: readonly Worker[];

  constructor(count: number) {
    const url = new URL("./session_worker.ts", import.meta.url);
    this.#workers = Array.from({ length: count }, () => new Worker(url, { type: "module" }));
  }

  get count(): number {
    return this.#workers.length;
  }

  /** Opens the plan's connections; subscribers are spread over the Workers, a script has one. */
  async connect(plan: SessionPlan): Promise<void> {
    const [first] = this.#workers;
    if (plan.kind === "script") {
      await ask(first, { type: "script", plan });
      return;
    }
    const progress = sharedProgress(plan);
    await Promise.all(this.#workers.map((worker, i) => {
      const subscribers = Math.floor((plan.subscribers + i) / this.count);
      const share = { subscribers, publishes: worker === first, progress };
      return ask(worker, { type: "fan-out", plan, share });
    }));
  }

  /** Runs for that long. Rejects at the first wrong byte. */
  async run(durationMs: number): Promise<SessionResult> {
    const answer = await ask(this.#workers[0], { type: "run", durationMs }, durationMs + GRACE_MS);
    if (answer.type !== "result") throw new Error("the Worker answered another question");
    return answer.result;
  }

  /** Closes the connections; the Workers stay for the next plan. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => ask(worker, { type: "close" })));
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function ask(worker: Worker, message: SessionMessage, limitMs = GRACE_MS): Promise<SessionAnswer> {
  return askWorker<SessionAnswer>(worker, message, limitMs);
}
