/**
 * A running server: what it listens on, who is connected, what it stores, and the tick that keeps
 * house. Everything with a lifetime starts here and ends here.
 */

import { isLocal } from "./clients/addresses.ts";
import { Acl } from "./acl/acl.ts";
import { BufferPool } from "./clients/buffer_pool.ts";
import { ClientEviction } from "./clients/client_eviction.ts";
import { checkClients } from "./clients/client_upkeep.ts";
import type { ConnectionHost } from "./clients/connection_host.ts";
import { DescriptorBudget } from "./clients/descriptor_budget.ts";
import { Endpoints } from "./clients/endpoints.ts";
import { INPUT_LIMIT_SETTINGS, InputLimits } from "./clients/input_limits.ts";
import { SocketLink } from "./clients/socket_link.ts";
import { type Config, ConfigError } from "./config/config.ts";
import type { Lifecycle, ServerContext } from "./context.ts";
import { Admission } from "./execution/admission.ts";
import { ClientList } from "./execution/client_list.ts";
import type { CommandTable } from "./execution/command_table.ts";
import { Dialects } from "./execution/dialects.ts";
import { KeyspaceEvents } from "./events/keyspace_events.ts";
import { Executor } from "./execution/executor.ts";
import { Eviction } from "./eviction/eviction.ts";
import { limitMemory } from "./execution/memory_limit.ts";
import { type Credentials, MetricsListener } from "./metrics/metrics_listener.ts";
import { Monitor } from "./monitor/monitor.ts";
import { CallTimes } from "./execution/call_times.ts";
import { LatencyMonitor } from "./report/latency/latency_monitor.ts";
import { SlowLog } from "./slowlog/slow_log.ts";
import { Pause } from "./execution/pause.ts";
import { protectedCommands } from "./execution/protected_commands.ts";
import { renamedCommands } from "./execution/renamed_commands.ts";
import { Blocking } from "./execution/blocking.ts";
import { Settlement } from "./execution/settlement.ts";
import { Transactions } from "./execution/transactions.ts";
import { IdleHeap } from "./upkeep/idle_heap.ts";
import { Tick } from "./upkeep/tick.ts";
import { Keyspace } from "./keyspace/keyspace.ts";
import { Dumps } from "./keyspace/rdb/dump_payload.ts";
import { adoptSettings, collectionLimits, KEYSPACE_SETTINGS } from "./keyspace/settings.ts";
import { PubSub } from "./pubsub/pubsub.ts";
import type { InfoSection } from "./report/info/info_section.ts";
import { infoSections } from "./startup/info_sections.ts";
import { ServerLog } from "./report/log.ts";
import { failures, process } from "./platform/platform.ts";
import { lazyFreeWorkers } from "./platform/workers.ts";
import type { NetAddress, Socket } from "./platform/socket.ts";
import { Stats } from "./report/stats.ts";
import { clientCertificatesRefusal } from "./clients/tls_files.ts";
import { textOfByteString } from "../structures/bytes/byte_string.ts";
import { Scripting } from "./scripting/scripting.ts";
import { EngineLoader } from "./scripting/functions/engine_loader.ts";
import { Functions } from "./scripting/functions/functions.ts";
import { Tracking } from "./tracking/tracking.ts";

/** How long connections may take to send their last replies when the server stops. */
const SHUTDOWN_GRACE_MS = 5_000;

const TOO_MANY_CLIENTS = "-ERR max number of clients reached\r\n";
const PROTECTED =
  "-DENIED Ravel runs in protected mode: its default user has no password, so it serves this machine only. Set " +
  "one with --requirepass, or turn this off with --protected-mode no.\r\n";
const CANNOT_LISTEN = "Unable to listen on this port. Check server logs.";
const CANNOT_USE_TLS = "Unable to update TLS configuration. Check server logs.";
const CANNOT_BIND = "Failed to bind to specified addresses.";

/** Where time and randomness come from; tests bring their own. */
export interface Environment {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform integer in [0, bound), bound at most 2^32. */
  randomInt: (bound: number) => number;
  /** Collects the garbage of the whole process, for a server that has it to itself. */
  collectGarbage?: () => Promise<void>;
}

/** What a server is composed of. */
export interface ServerParts {
  readonly config: Config;
  readonly log: ServerLog;
  readonly environment: Environment;
  /** The commands that it knows. */
  readonly table: CommandTable;
}

export class Server implements ConnectionHost, ServerContext, Lifecycle, AsyncDisposable {
  readonly config: Config;
  readonly log: ServerLog;
  readonly clients: ClientList = new ClientList();
  readonly stats: Stats = new Stats();
  readonly pool: BufferPool = new BufferPool();
  readonly inputLimits: InputLimits = new InputLimits();
  readonly dialects: Dialects = new Dialects();
  readonly keyspace: Keyspace;
  readonly dumps: Dumps;
  readonly admission: Admission;
  readonly settlement: Settlement = new Settlement();
  readonly executor: Executor;
  readonly transactions: Transactions;
  readonly blocking: Blocking;
  readonly pubsub: PubSub;
  readonly acl: Acl;
  readonly tracking: Tracking;
  readonly pause: Pause;
  readonly monitor: Monitor;
  readonly slowLog: SlowLog;
  readonly latency: LatencyMonitor;
  readonly scripting: Scripting;
  readonly functions: Functions;
  readonly clientMemory: ClientEviction;
  readonly eviction: Eviction;
  /** What SHUTDOWN and INFO may use. */
  readonly lifecycle: Lifecycle = this;
  readonly upkeep: Tick;
  readonly commands: CommandTable;
  readonly info: readonly InfoSection[];
  readonly runId: string;
  readonly startedAtMs: number;
  /** Settles when the server has stopped. */
  readonly finished: Promise<void>;

  #replicationId: string;
  readonly #environment: Environment;
  readonly #times: CallTimes;
  readonly #descriptors: DescriptorBudget;
  readonly #endpoints: Endpoints;
  readonly #links = new Set<SocketLink>();
  readonly #forgetSettings: (() => void)[] = [];
  readonly #finish: () => void;
  #stopping: Promise<void> | undefined;

  #metrics: MetricsListener | undefined;

  /** Starts to listen. @throws what listening throws where it is not permitted or cannot be done */
  constructor({ config, log, environment, table }: ServerParts) {
    this.config = config;
    this.log = log;
    this.commands = renamedCommands(table, config.renamedCommands);
    this.#environment = environment;
    this.startedAtMs = environment.now();
    this.runId = this.#randomName();
    // Nothing is replicated, so a data set and the run that holds it begin with one name.
    this.#replicationId = this.runId;
    log.follow(config);
    this.#descriptors = new DescriptorBudget(config, log, process);
    this.#descriptors.fitMaxClients();
    this.keyspace = new Keyspace({
      databases: config.databases,
      lazyFreeWorkers: config.lazyFreeWorkers,
      limits: collectionLimits(config),
      startWorker: lazyFreeWorkers(() => this.#descriptors.mayStartWorker()),
      ...environment,
    });
    this.admission = new Admission(protectedCommands(config));
    const { admission, dialects, settlement } = this;
    this.dumps = new Dumps(this.keyspace);
    this.transactions = new Transactions(
      this.keyspace,
      this,
      () => config.clientQueryBufferLimitBytes,
    );
    this.pubsub = new PubSub(admission, this.keyspace.hasher);
    this.acl = new Acl(this, environment.randomInt);
    this.#forgetSettings.push(() => this.acl.close());
    const now = () => this.now();
    this.clientMemory = new ClientEviction(this);
    this.eviction = new Eviction(this);
    this.#forgetSettings.push(limitMemory(admission, config, this.eviction));
    this.monitor = new Monitor(this, now);
    this.slowLog = new SlowLog(config, now);
    this.latency = new LatencyMonitor(config, now);
    this.#times = new CallTimes(this.slowLog, this.latency);
    this.executor = new Executor(this, {
      table: this.commands,
      admission,
      settlement,
      dialects,
      times: this.#times,
    });
    this.scripting = new Scripting(this, process);
    this.functions = new Functions(new EngineLoader(this.scripting));
    this.blocking = new Blocking(this.keyspace, settlement, this.executor, now);
    this.pause = new Pause(this.keyspace, this, now);
    this.tracking = new Tracking(this);
    const idleHeap = new IdleHeap(process.memoryUsage, environment.collectGarbage);
    this.upkeep = new Tick(this, [
      (nowMs) => checkClients(this, nowMs),
      () => this.pause.update(),
      () => {
        this.clientMemory.recount();
        this.clientMemory.enforce();
      },
      () => log.tellOmitted(),
      () => this.tracking.limitTable(),
      (nowMs) => idleHeap.update(nowMs, this.stats.reads),
    ]);
    this.info = infoSections(this);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
    this.#endpoints = new Endpoints(config, {
      log,
      admit: (conn) => this.#admit(conn),
      ranOutOfDescriptors: () => this.#descriptors.ranOut(this.clients.size),
    });
    try {
      this.#followMetricsPort();
    } catch (error) {
      this.#endpoints.close();
      throw error;
    }
    this.#followSettings();
    this.upkeep.start();
  }

  /**
   * The first address that the server listens on, for TLS where it does so alone; of one with nothing
   * but a Unix socket, its path with the port 0.
   */
  get address(): NetAddress {
    return this.addresses[0] ?? this.tlsAddresses[0] ??
      { hostname: textOfByteString(this.config.unixSocket), port: 0 };
  }

  /** Every address that the server listens on for plain TCP, in the order of `bind`. */
  get addresses(): NetAddress[] {
    return this.#endpoints.addresses;
  }

  /** Every address that it listens on for TLS. */
  get tlsAddresses(): NetAddress[] {
    return this.#endpoints.tlsAddresses;
  }

  /**
   * Reads the certificate of TLS and its key again, for connections that come from now on.
   *
   * @returns whether there is one that can be used; the log tells what is wrong with another
   */
  reloadCertificate(): boolean {
    try {
      this.#endpoints.reloadIdentity();
      return true;
    } catch (error) {
      this.log.warning("cannot use the certificate, so the old one stays", {
        error: failures.messageOf(error),
      });
      return false;
    }
  }

  get replicationId(): string {
    return this.#replicationId;
  }

  changeReplicationId(): void {
    this.#replicationId = this.#randomName();
  }

  #randomName(): string {
    const { randomInt } = this.#environment;
    return Array.from({ length: 40 }, () => randomInt(16).toString(16)).join("");
  }

  get shuttingDown(): boolean {
    return this.#stopping !== undefined;
  }

  now(): number {
    return this.#environment.now();
  }

  collectGarbage(): Promise<void> | undefined {
    return this.#environment.collectGarbage?.();
  }

  /** Has settings take effect, and changes of them that the system may refuse. */
  #followSettings(): void {
    const { config, keyspace } = this;
    const follow = (names: readonly string[], adopt: () => void) => {
      adopt();
      this.#forgetSettings.push(config.onChange(names, adopt));
    };
    follow(KEYSPACE_SETTINGS, () => adoptSettings(keyspace, config));
    const events = new KeyspaceEvents(keyspace.changes, keyspace.hasher, this.pubsub);
    follow(["notify-keyspace-events"], () => events.choose(config.notifyKeyspaceEvents));
    follow(INPUT_LIMIT_SETTINGS, () => this.inputLimits.adopt(config));
    follow(
      ["tracking-table-max-keys"],
      () => this.tracking.setMaxKeys(config.trackingTableMaxKeys),
    );
    follow(
      ["slowlog-log-slower-than", "latency-monitor-threshold"],
      () => {
        this.#times.adopt();
        keyspace.tellExpiryTime = this.latency.isOn
          ? (elapsedMs) => this.latency.note("expire-del", elapsedMs)
          : undefined;
      },
    );
    follow(["latency-tracking"], () => this.stats.keepsTimes = config.latencyTracking);

    const listenElsewhere = (refusal: string, follow?: () => void) => (): string | undefined => {
      try {
        if (follow === undefined) this.#endpoints.follow();
        else follow();
        return undefined;
      } catch (error) {
        this.log.warning("cannot listen", { error: failures.messageOf(error) });
        return error instanceof ConfigError && config.tlsPort !== 0 ? CANNOT_USE_TLS : refusal;
      }
    };
    this.#forgetSettings.push(
      this.config.onApply(["port"], listenElsewhere(CANNOT_LISTEN)),
      this.config.onApply(["bind"], listenElsewhere(CANNOT_BIND)),
      this.config.onApply(
        ["tls-cert-file", "tls-key-file"],
        () => this.reloadCertificate() ? undefined : CANNOT_USE_TLS,
      ),
      this.config.onApply(["tls-port"], listenElsewhere(CANNOT_LISTEN)),
      this.config.onApply(
        ["metrics-port"],
        listenElsewhere(CANNOT_LISTEN, () => this.#followMetricsPort()),
      ),
      this.config.onApply(
        ["tls-auth-clients"],
        () => config.tlsPort === 0 ? undefined : clientCertificatesRefusal(config),
      ),
      this.config.onApply(["maxclients"], () => this.#descriptors.refusal()),
    );
  }

  /** Has metrics read at the port that the settings say by now. @throws {EndpointError} */
  #followMetricsPort(): void {
    const { metricsPort } = this.config;
    const before = this.#metrics;
    if ((before?.port ?? 0) === metricsPort) return;
    this.#metrics = metricsPort === 0 ? undefined : new MetricsListener(this);
    before?.close();
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
    if (this.isProtected && !isLocal({ remoteAddress: conn.remoteAddr })) {
      this.#reject(conn, PROTECTED);
      return;
    }
    let link: SocketLink;
    try {
      conn.setNoDelay?.(true);
      if (this.config.tcpKeepAliveSeconds > 0) conn.setKeepAlive?.(true);
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

  /** Whether only this machine's own clients are served. */
  get isProtected(): boolean {
    return this.config.protectedMode && this.acl.defaultUser.needsNoPassword;
  }

  /**
   * Why a client that comes now would not be served, for those who send clients here. A server that is
   * out of memory serves all who read or delete, and one that is paused does what it was told.
   */
  get unreadiness(): string | undefined {
    if (this.shuttingDown) return "it is shutting down";
    if (this.scripting.isBusy) return "a script is busy, and others are answered BUSY";
    return this.clients.size >= this.config.maxClients ? "maxclients are connected" : undefined;
  }

  /** Whether somebody may read the metrics: a user who may run INFO, or anybody without a password. */
  mayReadMetrics(credentials: Credentials | undefined): boolean {
    return this.acl.mayReadMetrics(credentials);
  }

  async #reject(conn: Socket, message: string): Promise<void> {
    this.stats.connectionsRejected++;
    // A peer that has no keys yet cannot be told anything, and may take its time with them.
    if (conn.handshake !== undefined) return conn.close();
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
    const closed = Promise.all([this.#endpoints.close(), this.#metrics?.close()]);
    this.upkeep.stop();
    this.scripting.close();
    this.blocking.close();
    this.pause.close();
    this.slowLog.close();
    this.latency.close();
    this.eviction.close();
    this.clientMemory.close();
    // Whoever finds its connection closed finds no server either.
    await closed;
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
