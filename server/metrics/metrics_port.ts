/**
 * The port at which a server's metrics are read, as its setting says: none, or one listener that gives
 * way to another when the setting changes.
 */

import { type MetricsHost, MetricsListener } from "./metrics_listener.ts";

export class MetricsPort {
  readonly #host: MetricsHost;
  #listener: MetricsListener | undefined;
  #isClosed = false;
  /** What is under way: changes come one after the other. Never rejects. */
  #lastChange: Promise<unknown> = Promise.resolve();
  /** Listeners that have given way, until those are served who were on. Never rejects. */
  #left: Promise<unknown> = Promise.resolve();

  /** Nothing is open yet. */
  constructor(host: MetricsHost) {
    this.#host = host;
  }

  /** Listens at the port that the settings say by now. Rejects with an EndpointError. */
  follow(): Promise<void> {
    const done = this.#lastChange.then(() => this.#isClosed ? undefined : this.#change());
    this.#lastChange = done.catch(() => {});
    return done;
  }

  async #change(): Promise<void> {
    const { metricsPort } = this.#host.config;
    const before = this.#listener;
    if ((before?.port ?? 0) === metricsPort) return;
    this.#listener = metricsPort === 0 ? undefined : await MetricsListener.open(this.#host);
    // Who reads the metrics just now may take its time; nobody has to wait for that.
    if (before !== undefined) this.#left = Promise.all([this.#left, before.close()]);
  }

  /** Settles once nothing is under way any more. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#lastChange;
    await Promise.all([this.#left, this.#listener?.close()]);
  }
}
