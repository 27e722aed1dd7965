/**
 * What a test holds of its server.
 *
 * ```
 * test ──▶ TestServer ─┬─▶ Server         the same that `serve` starts on a command line
 *                      ├─▶ TestClock      its time: that of the system, of the test, or none of its own
 *                      └─▶ InitialState   how it was, for flush()
 * ```
 */

import { Config } from "../server/config/config.ts";
import { serve as serveAny, type Server } from "../server/mod.ts";
import type { AnyDeclaration } from "../commands/registry.ts";
import type { Socket } from "node:net";
import { connect } from "./in_process/connect.ts";
import { areFaked } from "../structures/real_time.ts";
import { InitialState } from "./initial_state.ts";
import type { ServeOptions } from "./options.ts";
import { caughtUp, heard } from "./settling.ts";
import { TestClock } from "./test_clock.ts";

const DEFAULT_HOST = "127.0.0.1";

/** A server that runs. {@linkcode serve} makes one. */
export class TestServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #clock: TestClock;
  readonly #initial: InitialState;

  private constructor(server: Server, clock: TestClock, options: ServeOptions) {
    this.#server = server;
    this.#clock = clock;
    this.#initial = new InitialState(server, () => configOf(options));
  }

  /** See {@linkcode serve}. */
  static async start(options: ServeOptions): Promise<TestServer> {
    if (areFaked) {
      throw new Error(
        "the timers were faked before the server was imported, so it could not go on by itself: import " +
          "it first",
      );
    }
    const clock = new TestClock(options.now);
    const server = await serveAny({
      config: configOf(options),
      commands: options.plugins?.filter(isDeclaration),
      onLogLine: options.onLogLine ?? (() => {}),
      environment: {
        now: clock.now,
        listens: options.listen,
        holdsProcess: false,
        expiresOnTime: true,
      },
    });
    return new TestServer(server, clock, options);
  }

  /** The address that it listens on. */
  get host(): string {
    return this.#server.address.hostname || DEFAULT_HOST;
  }

  /** The port that it listens on; 0 where it does not. */
  get port(): number {
    return this.#server.address.port;
  }

  /** Where clients connect to, `redis://127.0.0.1:49152`; with the password, if there is one. */
  get url(): string {
    const { host, port } = this;
    const { requirePass } = this.#server.config;
    const password = requirePass === "" ? "" : `:${encodeURIComponent(requirePass)}@`;
    return `redis://${password}${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  /**
   * A connection to the server within the process, without the network: a stream that has what clients
   * use of a socket. Like a socket it keeps the process alive until it is ended or `unref` is called.
   */
  connect(): Socket {
    const server = this.#server;
    return connect({ hostname: this.host, port: this.port }, (socket) => server.admit(socket));
  }

  /**
   * Has the server be as it was when it started: no keys in any database, no functions, scripts, users
   * or pauses that came since, settings as they were (but for those that say where it listens), empty
   * logs of what was slow or denied. Settles once the memory is free again. O(keys).
   *
   * Clients stay connected, and subscribed to what they are subscribed to; those of users that came
   * since are dropped. Counters of INFO go on, and so does the clock.
   */
  async flush(): Promise<void> {
    this.#checkRunning();
    await heard(this.#server);
    await this.#initial.restore();
    await caughtUp(this.#server);
  }

  /**
   * Settles once the server has nothing left to do: what is due by its clock has happened (keys have
   * expired, clients that waited have been answered), large values are freed, and all replies and
   * messages have been handed to the system. A client that does not read them is not waited for; a
   * script that is still running is.
   */
  async settled(): Promise<void> {
    this.#checkRunning();
    await heard(this.#server);
    await caughtUp(this.#server);
  }

  /**
   * Lets time pass for the server, and settles once all that was due within it has happened: keys and
   * fields have expired, and told of it who listens to keyspace events; clients that were blocked or
   * paused have been answered. Nothing waits meanwhile.
   *
   * @param ms milliseconds, not negative
   * @throws {RangeError} for what is no time
   */
  async advance(ms: number): Promise<void> {
    this.#checkRunning();
    // What was sent before is carried out before.
    await heard(this.#server);
    this.#clock.advance(ms);
    await caughtUp(this.#server);
  }

  /** @throws {Error} where it has been stopped */
  #checkRunning(): void {
    if (this.#server.shuttingDown) throw new Error("the server has been stopped");
  }

  /** Stops it: replies under way are sent, clients disconnected, memory freed. May be called again. */
  stop(): Promise<void> {
    return this.#server.shutdown();
  }

  /** As {@linkcode TestServer.stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function configOf(options: ServeOptions): Config {
  const { directives, host = DEFAULT_HOST, onLogLine, plugins = [], port = 0 } = options;
  return Config.from({
    port: String(port),
    bind: host,
    plugin: plugins.filter((plugin) => !isDeclaration(plugin)).map(String),
    // A thread takes longer to start than a test to end.
    "lazyfree-workers": "0",
    // What nobody hears is not said.
    loglevel: onLogLine === undefined ? "warning" : "notice",
    ...directives,
  });
}

function isDeclaration(plugin: string | URL | AnyDeclaration): plugin is AnyDeclaration {
  return typeof plugin === "object" && "arity" in plugin;
}
