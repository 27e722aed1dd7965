/**
 * How many clients the process has descriptors for. Like Redis, the server keeps some for itself: a
 * listener, the log, and what the runtime takes, above all for a Worker, whose start without them
 * ends the process.
 *
 * ```
 *  ├─ clients: maxclients ──────────────────────────┼─ RESERVED ─┤ limit of the process
 * ```
 *
 * Where the limit can be known (the runtime tells it only to programs that may do everything),
 * `maxclients` is lowered to what it allows at the start. Elsewhere it shows when an accept fails
 * for lack of descriptors, and `maxclients` is lowered then: who comes later is told that the server
 * is full, in place of waiting for nothing.
 */

import type { Process } from "../platform/process.ts";
import type { ServerLog } from "../report/log.ts";

/** As many as Redis keeps. */
const RESERVED_DESCRIPTORS = 32;
/** What the start of a Worker takes is 6; others may want some at the same time. */
const WORKER_DESCRIPTORS = 16;

/** Settings, as far as the budget reads and lowers them. */
export interface ClientSettings {
  readonly maxClients: number;
  set(name: "maxclients", value: string): string | undefined;
}

export class DescriptorBudget {
  readonly #settings: ClientSettings;
  readonly #log: ServerLog;
  readonly #process: Process;
  /** Of the process; undefined while unknown. */
  readonly #limit: number | undefined;
  /** Whether the last connection that came could not be accepted. */
  #isOut = false;

  constructor(settings: ClientSettings, log: ServerLog, process: Process) {
    this.#settings = settings;
    this.#log = log;
    this.#process = process;
    this.#limit = process.descriptorLimit();
  }

  /** Most clients that the limit allows, at least 1; infinite while it is unknown. */
  get #mostClients(): number {
    return Math.max(1, (this.#limit ?? Infinity) - RESERVED_DESCRIPTORS);
  }

  /** Lowers `maxclients` where the limit is known to be too low for it; for the start. */
  fitMaxClients(): void {
    if (this.#settings.maxClients > this.#mostClients) this.#lowerTo(this.#mostClients);
  }

  /** Why CONFIG SET may not give `maxclients` its new value; undefined if it may. */
  refusal(): string | undefined {
    const most = this.#mostClients;
    if (this.#settings.maxClients <= most) return undefined;
    return "The operating system is not able to handle the specified number of clients, try with " +
      most;
  }

  /** Hears that a connection could not be accepted although only `connected` are there. */
  ranOut(connected: number): void {
    this.#isOut = true;
    // With few clients it is others in the process that hold the descriptors, and may let go of them.
    const possible = connected - RESERVED_DESCRIPTORS;
    if (possible < RESERVED_DESCRIPTORS || this.#settings.maxClients <= possible) return;
    this.#lowerTo(possible);
  }

  #lowerTo(clients: number): void {
    const asked = this.#settings.maxClients;
    this.#settings.set("maxclients", String(clients));
    this.#log.warning(
      "maxclients is lowered: the process may not open more files and sockets; raise ulimit -n",
      { asked, maxclients: clients },
    );
  }

  /** Hears that a connection was accepted. */
  accepted(): void {
    this.#isOut = false;
  }

  /** Whether there are descriptors enough to start a Worker: tried out where that is permitted. */
  mayStartWorker(): boolean {
    return !this.#isOut && this.#process.hasFreeDescriptors(WORKER_DESCRIPTORS) !== false;
  }
}
