/**
 * What a test holds of its server.
 *
 * ```
 * test ──▶ TestServer ──▶ Server     the same that `serve` starts on a command line
 *              └─▶ TestClock         its time: that of the system, of the test, or none of its own
 * ```
 */

import { Config } from "../server/config/config.ts";
import { serve as serveAny, type Server } from "../server/mod.ts";
import { TestClock } from "./test_clock.ts";
import type { ServeOptions } from "./options.ts";

const DEFAULT_HOST = "127.0.0.1";

/** A server that runs. {@linkcode serve} makes one. */
export class TestServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #clock: TestClock;

  private constructor(server: Server, clock: TestClock) {
    this.#server = server;
    this.#clock = clock;
  }

  static async start(options: ServeOptions): Promise<TestServer> {
    const { directives, host = DEFAULT_HOST, now, onLogLine = () => {}, plugins = [], port = 0 } =
      options;
    const clock = new TestClock(now);
    const config = new Config();
    config.assign({
      port: String(port),
      bind: host,
      plugin: plugins.map(String),
      // A thread takes longer to start than a test to end.
      "lazyfree-workers": "0",
      ...directives,
    });
    const environment = { now: clock.now, holdsProcess: false, expiresOnTime: true };
    return new TestServer(await serveAny({ config, onLogLine, environment }), clock);
  }

  /** The address that it listens on. */
  get host(): string {
    return this.#server.address.hostname;
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#server.address.port;
  }

  /** Where clients connect to: `redis://127.0.0.1:49152`. */
  get url(): string {
    const { host, port } = this;
    return `redis://${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  /** Removes every key of every database, and settles once their memory is free. Clients stay. */
  async flush(): Promise<void> {
    this.#server.keyspace.flushAll(true);
    await this.settled();
  }

  /** Settles once nothing is left to do in the background. */
  settled(): Promise<void> {
    return this.#server.keyspace.lazyFree.drained();
  }

  /**
   * Lets time pass for the server, and settles once everything has happened that was due within it.
   *
   * @param ms milliseconds, not negative
   */
  async advance(ms: number): Promise<void> {
    this.#clock.advance(ms);
    this.#server.upkeep.run();
    this.#server.blocking.expire();
    await this.settled();
  }

  /** Stops it: its clients are disconnected, its memory is free. May be called again. */
  stop(): Promise<void> {
    return this.#server.shutdown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
