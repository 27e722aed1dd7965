/**
 * A running server: what it listens on, who is connected, what it stores, and the tick that keeps
 * house. Everything with a lifetime starts here and ends here.
 */

import { BufferPool } from "./clients/buffer_pool.ts";
import { checkClients } from "./clients/client_upkeep.ts";
import type { ConnectionHost } from "./clients/connection_host.ts";
import { INPUT_LIMIT_SETTINGS, InputLimits } from "./clients/input_limits.ts";
import { SocketLink } from "./clients/socket_link.ts";
import type { Config } from "./config/config.ts";
import type { Lifecycle, ServerContext } from "./context.ts";
import { Admission } from "./execution/admission.ts";
import { ClientList } from "./execution/client_list.ts";
import type { CommandTable } from "./execution/command_table.ts";
import { Dialects } from "./execution/dialects.ts";
import { Executor } from "./execution/executor.ts";
import { limitMemory } from "./execution/memory_limit.ts";
import { protectedCommands } from "./execution/protected_commands.ts";
import { Tick } from "./upkeep/tick.ts";
import { Keyspace } from "./keyspace/keyspace.ts";
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

/** Settings that the store keeps a copy of. */
const KEYSPACE_SETTINGS = [
  "lazyfree-lazy-expire",
  "lazyfree-lazy-server-del",
  "list-max-listpack-size",
  "hash-max-listpack-entries",
  "hash-max-listpack-value",
  "set-max-intset-entries",
  "set-max-listpack-entries",
  "set-max-listpack-value",
  "zset-max-listpack-entries",
  "zset-max-listpack-value",
];

/** Where time and randomness come from; tests bring their own. */
export interface Environment {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform integer in [0, bound), bound at most 2^32. */
  randomInt: (bound: number) => number;
}

export class Server implements ConnectionHost, ServerContext, Lifecycle, AsyncDisposable {
  readonly clients: ClientList = new ClientList();
  readonly stats: Stats = new Stats();
  readonly pool: BufferPool = new BufferPool();
  readonly inputLimits: InputLimits = new InputLimits();
  readonly keyspace: Keyspace;
  readonly dialects: Dialects = new Dialects();
  readonly admission: Admission;
  readonly executor: Executor;
  /** What SHUTDOWN and INFO may use. */
  readonly lifecycle: Lifecycle = this;
  readonly upkeep: Tick;
  readonly runId: string;
  readonly startedAtMs: number;
  /** Settles when the server has stopped. */
  readonly finished: Promise<void>;

  readonly #environment: Environment;
  readonly #listeners: Deno.TcpListener[];
  readonly #links = new Set<SocketLink>();
  readonly #forgetSettings: (() => void)[] = [];
  readonly #finish: () => void;
  #stopping: Promise<void> | undefined;

  /** Starts to listen. @throws what Deno.listen throws where it may not or cannot */
  constructor(
    readonly config: Config,
    readonly log: ServerLog,
    environment: Environment,
    table: CommandTable,
  ) {
    this.#environment = environment;
    this.startedAtMs = environment.now();
    this.runId = Array.from({ length: 40 }, () => environment.randomInt(16).toString(16)).join("");
    this.#listeners = openListeners(config);
    this.keyspace = new Keyspace({
      databases: config.databases,
      lazyFreeWorkers: config.lazyFreeWorkers,
      ...environment,
    });
    this.admission = new Admission(protectedCommands(config));
    const { admission } = this;
    limitMemory(admission, config, this.keyspace);
    const { dialects } = this;
    this.executor = new Executor(this, { table, admission, dialects });
    this.upkeep = new Tick(this, [(nowMs) => checkClients(this, nowMs)]);
    this.#followSettings();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
    for (const listener of this.#listeners) this.#accept(listener);
    this.upkeep.start();
  }

  #followSettings(): void {
    const { clients, config, keyspace, log } = this;
    const follow = (names: readonly string[], adopt: () => void) => {
      adopt();
      for (const name of names) this.#forgetSettings.push(config.onChange(name, adopt));
    };
    follow(KEYSPACE_SETTINGS, () => {
      keyspace.lazyExpire = config.lazyFreeLazyExpire;
      keyspace.lazyServerDelete = config.lazyFreeLazyServerDel;
      keyspace.listLimits.maxListpackSize = config.listMaxListpackSize;
      keyspace.hashLimits.maxListpackEntries = config.hashMaxListpackEntries;
      keyspace.hashLimits.maxListpackValueBytes = config.hashMaxListpackValueBytes;
      keyspace.setLimits.maxIntsetEntries = config.setMaxIntsetEntries;
      keyspace.setLimits.maxListpackEntries = config.setMaxListpackEntries;
      keyspace.setLimits.maxListpackValueBytes = config.setMaxListpackValueBytes;
      keyspace.sortedSetLimits.maxListpackEntries = config.zsetMaxListpackEntries;
      keyspace.sortedSetLimits.maxListpackValueBytes = config.zsetMaxListpackValueBytes;
    });
    follow(INPUT_LIMIT_SETTINGS, () => this.inputLimits.adopt(config));
    follow(["loglevel"], () => log.level = config.logLevel);
    follow(["requirepass"], () => {
      for (const client of clients) client.followPassword(config.requirePass !== "");
    });
  }

  /** The first address that the server listens on. */
  get address(): Deno.NetAddr {
    return this.#listeners[0].addr;
  }

  get addresses(): Deno.NetAddr[] {
    return this.#listeners.map(({ addr }) => addr);
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
    let link: SocketLink;
    try {
      conn.setNoDelay(true);
      if (this.config.tcpKeepAliveSeconds > 0) conn.setKeepAlive(true);
      link = new SocketLink(conn, this, this.#ended);
    } catch {
      // The peer is gone already.
      return conn.close();
    }
    const { client } = link.connection;
    this.clients.add(client);
    if (this.log.logs("verbose")) this.log.verbose("accepted", { client: client.address });
    this.#links.add(link);
    link.start();
  }

  readonly #ended = (link: SocketLink): void => {
    this.#links.delete(link);
  };

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
    this.upkeep.stop();
    for (const forget of this.#forgetSettings) forget();
    for (const { connection } of this.#links) connection.finish();
    const grace = setTimeout(() => {
      for (const link of this.#links) link.close();
    }, SHUTDOWN_GRACE_MS);
    await Promise.all(Array.from(this.#links, (link) => link.finished));
    clearTimeout(grace);
    this.keyspace.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}
