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
import type { Config } from "./config/config.ts";
import type { Lifecycle, ServerContext } from "./context.ts";
import { Admission } from "./execution/admission.ts";
import { ClientList } from "./execution/client_list.ts";
import type { CommandNames, CommandTable } from "./execution/command_table.ts";
import { Dialects } from "./execution/dialects.ts";
import { KeyspaceEvents } from "./events/keyspace_events.ts";
import { Executor } from "./execution/executor.ts";
import { Eviction } from "./eviction/eviction.ts";
import { limitMemory } from "./execution/memory_limit.ts";
import type { Credentials } from "./metrics/metrics_listener.ts";
import { MetricsPort } from "./metrics/metrics_port.ts";
import { Monitor } from "./monitor/monitor.ts";
import { CallTimes } from "./execution/call_times.ts";
import { LatencyMonitor } from "./report/latency/latency_monitor.ts";
import { SlowLog } from "./slowlog/slow_log.ts";
import { Pause } from "./execution/pause.ts";
import { protectedCommands } from "./execution/protected_commands.ts";
import { renamedCommands } from "./execution/renamed_commands.ts";
import { Blocking } from "./execution/blocking.ts";
import { Settlement } from "./execution/settlement.ts";
import { Standstill } from "./execution/standstill.ts";
import { Transactions } from "./execution/transactions.ts";
import { IdleHeap } from "./upkeep/idle_heap.ts";
import { Tick } from "./upkeep/tick.ts";
import { Keyspace } from "./keyspace/keyspace.ts";
import { Dumps } from "./keyspace/rdb/dump_payload.ts";
import { adoptSettings, collectionLimits, KEYSPACE_SETTINGS } from "./keyspace/settings.ts";
import { PubSub } from "./pubsub/pubsub.ts";
import type { InfoSection } from "./report/info/info_section.ts";
import { infoSections } from "./startup/info_sections.ts";
import { followListenSettings, reloadCertificate } from "./startup/listen_settings.ts";
import { ServerLog } from "./report/log.ts";
import { process } from "./platform/platform.ts";
import { lazyFreeWorkers } from "./platform/workers.ts";
import type { NetAddress, Socket } from "./platform/socket.ts";
import { Stats } from "./report/stats.ts";
import { textOfByteString } from "../structures/bytes/byte_string.ts";
import { after, cancel, holdProcess } from "../structures/real_time.ts";
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

/** Where time and randomness come from; tests bring their own. */
export interface Environment {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform integer in [0, bound), bound at most 2^32. */
  randomInt: (bound: number) => number;
  /** Collects the garbage of the whole process, for a server that has it to itself. */
  collectGarbage?: () => Promise<void>;
  /**
   * Whether the process lives as long as the server does, and as long as clients are connected; it
   * does unless told otherwise.
   */
  holdsProcess?: boolean;
  /** Whether it listens where its settings say; it does unless told otherwise. */
  listens?: boolean;
  /** Whether keys are gone as soon as their time has come, not a millisecond later as on Redis. */
  expiresOnTime?: boolean;
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
  readonly admission: Admission;
  readonly settlement: Settlement = new Settlement();
  readonly executor: Executor;
  readonly transactions: Transactions;
  readonly blocking: Blocking;
  readonly pubsub: PubSub;
  readonly acl: Acl;
  readonly tracking: Tracking;
  readonly pause: Pause;
  readonly standstill: Standstill;
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
  readonly names: CommandNames;
  readonly info: readonly InfoSection[];
  readonly runId: string;
  readonly startedAtMs: number;
  /** Settles when the server has stopped. */
  readonly finished: Promise<void>;

  #replicationId: string;
  #dumps: Dumps | undefined;
  readonly #environment: Environment;
  readonly #times: CallTimes;
  readonly #descriptors: DescriptorBudget;
  readonly #endpoints: Endpoints;
  readonly #links = new Set<SocketLink>();
  readonly #forgetSettings: (() => void)[] = [];
  readonly #finish: () => void;
  readonly #metrics: MetricsPort;
  #stopping: Promise<void> | undefined;

  /**
   * A server that listens, and serves whoever connects. Rejects with what listening fails with, where it
   * is not permitted or cannot be done.
   */
  static async start(parts: ServerParts): Promise<Server> {
    const server = new Server(parts);
    await server.#start();
    return server;
  }

  private constructor({ config, log, environment, table }: ServerParts) {
    this.config = config;
    this.log = log;
    this.commands = table;
    this.names = renamedCommands(table, config.renamedCommands);
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
      table: this.names,
      admission,
      settlement,
      dialects,
      times: this.#times,
    });
    this.scripting = new Scripting(this, process);
    this.functions = new Functions(new EngineLoader(this.scripting));
    this.blocking = new Blocking(this.keyspace, settlement, this.executor, now);
    this.pause = new Pause(this.keyspace, this, now);
    this.standstill = new Standstill(this.keyspace, this.executor, this.pause);
    this.tracking = new Tracking(this);
    const idleHeap = new IdleHeap(process.memoryUsage, environment.collectGarbage);
    this.upkeep = new Tick(this, [
      (nowMs) => checkClients(this, nowMs),
      () => this.pause.update(),
      (nowMs) => this.blocking.update(nowMs),
      () => {
        this.clientMemory.recount();
        this.clientMemory.enforce();
      },
      () => log.tellOmitted(),
      () => this.tracking.limitTable(),
      (nowMs) => idleHeap.update(nowMs, this.stats.reads),
    ]);
    this.info = infoSections(this);
    let finish: (() => void) | undefined;
    this.finished = new Promise((resolve) => finish = resolve);
    this.#finish = finish!;
    this.#endpoints = new Endpoints(config, {
      log,
      holdsProcess: this.holdsProcess,
      admit: (conn) => {
        this.#descriptors.accepted();
        this.admit(conn);
      },
      ranOutOfDescriptors: () => this.#descriptors.ranOut(this.clients.size),
    });
    this.#metrics = new MetricsPort(this);
  }

  async #start(): Promise<void> {
    try {
      if (this.#environment.listens !== false) await this.#endpoints.open();
      await this.#metrics.follow();
    } catch (error) {
      await Promise.all([this.#endpoints.close(), this.#metrics.close()]);
      throw error;
    }
    this.#followSettings();
    this.#endpoints.begin();
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

  get dumps(): Dumps {
    return this.#dumps ??= new Dumps(this.keyspace);
  }

  /** Every address that the server listens on for plain TCP, in the order of `bind`. */
  get addresses(): NetAddress[] {
    return this.#endpoints.addresses;
  }

  /** Every address that it listens on for TLS. */
  get tlsAddresses(): NetAddress[] {
    return this.#endpoints.tlsAddresses;
  }

  /** See {@linkcode reloadCertificate}. */
  reloadCertificate(): Promise<boolean> {
    return reloadCertificate(this.#endpoints, this.log);
  }

  /** Whether the process goes on for as long as there is the server. */
  get holdsProcess(): boolean {
    return this.#environment.holdsProcess !== false;
  }

  /** The sockets of its clients. */
  get links(): ReadonlySet<Pick<SocketLink, "isQuiet" | "isWriting">> {
    return this.#links;
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

    const [endpoints, metrics] = [this.#endpoints, this.#metrics];
    this.#forgetSettings.push(
      followListenSettings({ config, log: this.log, endpoints, metrics }),
      config.onApply(["maxclients"], () => this.#descriptors.refusal()),
    );
  }

  /** Begins to serve a peer, however it has come in, or says why not. */
  admit(conn: Socket): void {
    this.stats.connectionsReceived++;
    if (!this.holdsProcess) conn.unref?.();
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
    const letGo = holdProcess();
    const closed = Promise.all([this.#endpoints.close(), this.#metrics.close()]);
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
    const grace = after(SHUTDOWN_GRACE_MS, () => {
      for (const link of this.#links) link.close();
    });
    await Promise.all(Array.from(this.#links, (link) => link.finished));
    cancel(grace);
    letGo();
    this.keyspace.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}
