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
import { collectionLimits } from "./keyspace/limits.ts";
import { openListeners } from "./clients/listeners.ts";
import { ServerLog } from "./report/log.ts";
import { isLoopback } from "./clients/loopback.ts";
import { Stats } from "./report/stats.ts";

/** How long connections may take to send their last replies when the server stops. */
const SHUTDOWN_GRACE_MS = 5_000;

const TOO_MANY_CLIENTS = "-ERR max number of clients reached\r\n";
const PROTECTED =
  "-DENIED Ravel runs in protected mode: it has no password and was not told which " +
  "address to bind to, so it serves this machine only. Set one with --requirepass or --bind, or " +
  "turn this off with --protected-mode no.\r\n";

/** Where time and randomness come from; tests bring their own. */
export interface Environment {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform integer in [0, bound), bound at most 2^32. */
  randomInt: (bound: number) => number;
}

export class Server implements ConnectionHost, AsyncDisposable {
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
  readonly #listeners: Deno.TcpListener[];
  readonly #connections = new Set<Connection>();
  readonly #executor: Executor;
  readonly #expireCycle: ExpireCycle;
  readonly #housekeeping: Housekeeping;
  readonly #finish: () => void;
  #stopping: Promise<void> | undefined;

  /** Starts to listen. @throws what Deno.listen throws where it may not or cannot */
  constructor(readonly config: Config, readonly log: ServerLog, environment: Environment) {
    this.#environment = environment;
    this.startedAtMs = environment.now();
    this.runId = Array.from({ length: 40 }, () => environment.randomInt(16).toString(16)).join("");
    this.#listeners = openListeners(config);
    this.keyspace = new Keyspace({
      databases: config.databases,
      lazyFreeWorkers: config.lazyFreeWorkers,
      limits: collectionLimits(config),
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
    for (const listener of this.#listeners) this.#accept(listener);
    this.#housekeeping.start();
  }

  /** The first address that the server listens on. */
  get address(): Deno.NetAddr {
    return this.#listeners[0].addr;
  }

  get shuttingDown(): boolean {
    return this.#stopping !== undefined;
  }

  now(): number {
    return this.#environment.now();
  }

  async #accept(listener: Deno.TcpListener): Promise<void> {
    while (!this.shuttingDown) {
      let conn: Deno.TcpConn;
      try {
        conn = await listener.accept();
      } catch (error) {
        if (this.shuttingDown) return;
        // The peer left before it was accepted, or descriptors ran out: others may come.
        this.log.warning("cannot accept a connection", { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, 10));
        continue;
      }
      this.#admit(conn);
    }
  }

  #admit(conn: Deno.TcpConn): void {
    this.stats.connectionsReceived++;
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
    const { protectedMode, requirePass, bindExplicit } = this.config;
    return protectedMode && requirePass === "" && !bindExplicit;
  }

  async #reject(conn: Deno.TcpConn, message: string): Promise<void> {
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
    for (const listener of this.#listeners) listener.close();
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
