/**
 * The main thread's side of a watch of PINGs: how long one client waits for each of its answers.
 */

import { deadline } from "@std/async/deadline";
import type { PingAnswer, PingLatencies, PingWatch } from "./ping_worker.ts";

/** How long the Worker may take besides the time that it is to watch. */
const GRACE_MS = 60_000;

export class Pinger implements Disposable {
  readonly #worker = new Worker(new URL("./ping_worker.ts", import.meta.url), { type: "module" });

  /**
   * Sends one PING after the other for that long. Rejects at a wrong reply.
   *
   * @param meanwhile called once the PINGs are under way
   */
  async watch(watch: PingWatch, meanwhile: () => Promise<void>): Promise<PingLatencies> {
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<PingLatencies>();
    const fail = (message: string) => {
      const error = new Error(`the pinger failed: ${message}`);
      started.reject(error);
      ended.reject(error);
    };
    this.#worker.onmessage = ({ data }: MessageEvent<PingAnswer>) => {
      if (data === "watching") started.resolve();
      else if ("message" in data) fail(data.message);
      else ended.resolve(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message);
    };
    this.#worker.postMessage(watch);
    const [latencies] = await deadline(
      Promise.all([ended.promise, started.promise.then(meanwhile)]),
      watch.durationMs + GRACE_MS,
    );
    return latencies;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
