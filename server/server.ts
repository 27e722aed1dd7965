/**
 * A running server: what it listens on, who is connected, what it stores, and the tick that keeps
 * house. Everything with a lifetime starts here and ends here.
 */

import { NativeReply } from "../protocol/native_reply.ts";
import { RespReply } from "../protocol/resp_reply.ts";
import { ByteQueue } from "../structures/bytes/byte_queue.ts";
import { ClientList } from "./clients/client.ts";
import type { Config } from "./config/config.ts";
import { BufferPool } from "./clients/buffer_pool.ts";
import { Connection, type ConnectionHost } from "./clients/connection.ts";
import { Executor } from "./execution/executor.ts";
import { ExpireCycle } from "./upkeep/expire_cycle.ts";
import { Housekeeping } from "./upkeep/housekeeping.ts";
import { Keyspace } from "./keyspace/keyspace.ts";
import { DescriptorBudget } from "./clients/descriptor_budget.ts";
import { Listeners } from "./clients/listeners.ts";
import { ServerLog } from "./report/log.ts";
import { failures, process } from "./platform/platform.ts";
import type { NetAddress, Socket } from "./platform/socket.ts";
import { isLoopback } from "./clients/loopback.ts";
import { Stats } from "./report/stats.ts";

/** How long connections may take to send their last replies when the server stops. */
const SHUTDOWN_GRACE_MS = 5_000;

const TOO_MANY_CLIENTS = "-ERR max number of clients reached\r\n";
const PROTECTED =
  "-DENIED Ravel runs in protected mode: it has no password, so it serves this machine only. Set " +
  "one with --requirepass, or turn this off with --protected-mode no.\r\n";
const CANNOT_LISTEN = "Unable to listen on this port. Check server logs.";
const CANNOT_BIND = "Failed to bind to specified addresses.";

/** Where time and randomness come from; tests bring their own. */
export interface Environment {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform integer in [0, bound), bound at most 2^32. */
  randomInt: (bound: number) => number;
}

/** What a server is composed of. */
export interface ServerParts {
  readonly config: Config;
  readonly log: ServerLog;
  readonly environment: Environment;
}

export class Server implements ConnectionHost, AsyncDisposable {
  readonly config: Config;
  readonly log: ServerLog;
  readonly clients: ClientList = new ClientList();
  readonly stats: Stats = new Stats();
  readonly pool: BufferPool = new BufferPool();
  readonly keyspace: Keyspace;
  readonly resp2: RespReply;
  readonly resp3: RespReply;
  readonly native: NativeReply;
  readonly runId: string;
  readonly startedAtMs: number;
  /** Settles when the server has stopped. */
  readonly finished: Promise<void>;
  activeExpire = true;

  readonly #environment: Environment;
  readonly #descriptors: DescriptorBudget;
  readonly #listeners: Listeners;
  readonly #connections = new Set<Connection>();
  readonly #executor: Executor;
  readonly #expireCycle: ExpireCycle;
  readonly #housekeeping: Housekeeping;
  readonly #forgetSettings: (() => void)[] = [];
  readonly #finish: () => void;
  #stopping: Promise<void> | undefined;

  /** Starts to listen. @throws what listening throws where it is not permitted or cannot be done */
  constructor({ config, log, environment }: ServerParts) {
    this.config = config;
    this.log = log;
    this.#environment = environment;
    this.startedAtMs = environment.now();
    this.runId = Array.from({ length: 40 }, () => environment.randomInt(16).toString(16)).join("");
    log.follow(config);
    this.#descriptors = new DescriptorBudget(config, log, process);
    this.#descriptors.fitMaxClients();
    this.keyspace = new Keyspace({
      databases: config.databases,
      lazyFreeWorkers: config.lazyFreeWorkers,
      mayStartWorker: () => this.#descriptors.mayStartWorker(),
      ...environment,
    });
    const unused = new ByteQueue({ initialBytes: 0, maxBytes: 0 });
    this.resp2 = new RespReply(unused, 2);
    this.resp3 = new RespReply(unused, 3);
    this.native = new NativeReply(unused);
    this.#executor = new Executor(this);
    this.#expireCycle = new ExpireCycle(this.keyspace, this.stats);
    this.#housekeeping = new Housekeeping(this, this.#expireCycle);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
    this.#listeners = new Listeners(config, {
      log,
      admit: (conn) => this.#admit(conn),
      ranOutOfDescriptors: () => this.#descriptors.ranOut(this.clients.size),
    });
    this.#followSettings();
    this.#housekeeping.start();
  }

  /** The first address that the server listens on. */
  get address(): NetAddress {
    return this.addresses[0];
  }

  /** Every address that the server listens on, in the order of `bind`. */
  get addresses(): NetAddress[] {
    return this.#listeners.addresses;
  }

  get shuttingDown(): boolean {
    return this.#stopping !== undefined;
  }

  now(): number {
    return this.#environment.now();
  }

  /** Has changes of settings that the system may refuse take effect. */
  #followSettings(): void {
    const listenElsewhere = (refusal: string) => (): string | undefined => {
      try {
        this.#listeners.follow();
        return undefined;
      } catch (error) {
        this.log.warning("cannot listen", { error: failures.messageOf(error) });
        return refusal;
      }
    };
    this.#forgetSettings.push(
      this.config.onApply(["port"], listenElsewhere(CANNOT_LISTEN)),
      this.config.onApply(["bind"], listenElsewhere(CANNOT_BIND)),
      this.config.onApply(["maxclients"], () => this.#descriptors.refusal()),
    );
  }

  /** Begins to serve a peer, or says why not. */
  #admit(conn: Socket): void {
    this.stats.connectionsReceived++;
    this.#descriptors.accepted();
    if (this.shuttingDown) return conn.close();
    if (this.clients.size >= this.config.maxClients) {
      this.#reject(conn, TOO_MANY_CLIENTS);
      return;
    }
    if (this.#isProtected && !isLoopback(conn.remoteAddr.hostname)) {
      this.#reject(conn, PROTECTED);
      return;
    }
    let connection: Connection;
    try {
      conn.setNoDelay(true);
      if (this.config.tcpKeepAliveSeconds > 0) conn.setKeepAlive(true);
      connection = new Connection(conn, this, this.#executor);
    } catch {
      // The peer is gone already.
      return conn.close();
    }
    this.clients.add(connection.client);
    if (this.log.logs("verbose")) {
      this.log.verbose("accepted", { client: connection.client.address });
    }
    this.#connections.add(connection);
    connection.start();
  }

  ended(connection: Connection): void {
    this.#connections.delete(connection);
  }

  get #isProtected(): boolean {
    const { protectedMode, requirePass } = this.config;
    return protectedMode && requirePass === "";
  }

  async #reject(conn: Socket, message: string): Promise<void> {
    this.stats.connectionsRejected++;
    try {
      await conn.write(new TextEncoder().encode(message));
    } catch {
      // Nobody is there to hear it.
    }
    conn.close();
  }

  beginShutdown(): void {
    this.shutdown();
  }

  /**
   * Stops: accepts no more, sends the replies under way, closes all connections and ends the
   * Workers. The same promise however often it is called.
   */
  shutdown(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  async #stop(): Promise<void> {
    // The caller may be a command; what it replies is finished first.
    await Promise.resolve();
    this.log.notice("shutting down");
    try {
      await this.#release();
      this.log.notice("stopped");
    } finally {
      this.log[Symbol.dispose]();
      this.#finish();
    }
  }

  async #release(): Promise<void> {
    for (const forget of this.#forgetSettings) forget();
    this.#listeners.close();
    this.#housekeeping.stop();
    this.#expireCycle.stop();
    for (const connection of this.#connections) connection.finish();
    const grace = setTimeout(() => {
      for (const connection of this.#connections) connection.close();
    }, SHUTDOWN_GRACE_MS);
    await Promise.all(Array.from(this.#connections, (connection) => connection.finished));
    clearTimeout(grace);
    this.keyspace.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}
