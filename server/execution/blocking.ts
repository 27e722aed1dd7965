/**
 * Clients that wait for what a key may get, or for a time to pass.
 *
 * ```
 * BLPOP a b 5 ──▶ nothing there ──▶ Waiter ─┬─▶ waiters of a, of b   in the order of their coming
 *                                           └─▶ deadlines            a heap, one timer
 * RPUSH a x ──▶ changed(a) ──▶ ready ──▶ after the command: each waiter of a is tried again,
 *                                        as if it had asked now
 * ```
 *
 * What is tried again is the whole command: it finds its keys as they are, whatever became of them.
 * If it has to wait again it does so behind the others. A waiter costs nothing while it waits: keys
 * are looked up when they change, and nobody goes through the waiters.
 *
 * A command in a transaction or a script does not wait (`call.mayBlock`).
 */

import type { Reply } from "../../protocol/reply.ts";
import { type Deadline, DeadlineHeap } from "../../structures/deadline_heap.ts";
import { KeyMap, type KeyMapEntry } from "../../structures/key_map.ts";
import { ChangeKind, type Changes } from "../keyspace/changes.ts";
import type { Database } from "../keyspace/database.ts";
import type { Type } from "../keyspace/entry.ts";
import { Key } from "../keyspace/key.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Call } from "./call.ts";
import type { Client, Facet, FacetKind } from "./client.ts";
import type { ExecutableCommand } from "./command_table.ts";
import { After, type Settlement } from "./settlement.ts";
import { StoredRequests } from "./stored_requests.ts";

/** What a waiter takes, about, beside its request. */
const WAITER_BYTES = 512;
/** Longest time that a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";

/** What a command waits for. */
export interface Wanted {
  /** The arguments that are its keys: from `firstKey` on, `keyCount` of them. None: only the time. */
  readonly firstKey: number;
  readonly keyCount: number;
  /** The type of value that it can use. */
  readonly type: Type;
  /** When it gives up, in milliseconds since 1970; Infinity: never. */
  readonly deadlineMs: number;
  /** What it replies then. */
  readonly timedOut: (reply: Reply) => void;
}

/** Whoever carries out requests that waited. */
export interface Retrier {
  /** Runs the request of a client again, and sends its reply. */
  retry(client: Client, requests: StoredRequests, command: ExecutableCommand): void;
  /** Sends a reply in place of the command's own. */
  answer(client: Client, command: ExecutableCommand, write: (reply: Reply) => void): void;
}

type Waiters = Set<Waiter>;

/** A key that is waited for. */
interface AwaitedKey {
  readonly database: Database;
  readonly entry: KeyMapEntry<Waiters>;
}

class Waiter implements Deadline, Facet {
  readonly keys: AwaitedKey[] = [];
  heapIndex = -1;
  command!: ExecutableCommand;
  requests!: StoredRequests;
  type!: Type;
  deadlineMs = Infinity;
  timedOut!: (reply: Reply) => void;

  constructor(readonly blocking: Blocking, readonly client: Client) {}

  get memoryBytes(): number {
    return this.client.isBlocked ? WAITER_BYTES + this.requests.memoryBytes : 0;
  }

  /** A client that waits sends no RESET that would be carried out. */
  reset(): void {}

  ended(): void {
    this.blocking.forget(this);
  }
}

export class Blocking {
  readonly #changes: Changes;
  readonly #settlement: Settlement;
  readonly #retrier: Retrier;
  readonly #now: () => number;
  /** By the number of the database: who waits for its keys. */
  readonly #waiters: KeyMap<Waiters>[];
  readonly #deadlines = new DeadlineHeap<Waiter>();
  readonly #key = new Key();
  readonly #facet: FacetKind<Waiter> = { make: (client) => new Waiter(this, client) };
  #waitingClients = 0;
  /** Keys that have changed since their waiters were last tried. */
  #ready = new Set<KeyMapEntry<Waiters>>();
  #readyKeys: AwaitedKey[] = [];
  #isServing = false;
  #retried: Waiter | undefined;
  #unsubscribe: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerMs = Infinity;

  /** @param now milliseconds since 1970 */
  constructor(keyspace: Keyspace, settlement: Settlement, retrier: Retrier, now: () => number) {
    this.#changes = keyspace.changes;
    this.#settlement = settlement;
    this.#retrier = retrier;
    this.#now = now;
    this.#waiters = keyspace.databases.map(() => new KeyMap());
    settlement.hook(After.Wake, (call) => {
      if (call.depth === 0) this.#serve();
    });
    const { databases } = keyspace;
    this.#listener = {
      changed: (database, key, kind) => {
        if (kind === ChangeKind.Written) this.#noteReady(databases[database], key);
      },
    };
  }

  readonly #listener: { changed(database: number, key: Key, kind: ChangeKind): void };

  /** Clients that wait. */
  get waitingClients(): number {
    return this.#waitingClients;
  }

  /** Keys that are waited for. O(databases). */
  get awaitedKeys(): number {
    return this.#waiters.reduce((total, { size }) => total + size, 0);
  }

  /**
   * Has the client of a call wait: the call's command ends without a reply, and is tried again. The
   * call must be one that may block. O(keys).
   */
  wait(call: Call, command: ExecutableCommand, wanted: Wanted): void {
    const { client, db } = call;
    const waiter = client.facet(this.#facet);
    // Who is tried again in vain waits on, and for no longer than it first said.
    if (this.#retried !== waiter) {
      waiter.command = command;
      waiter.requests = StoredRequests.of(call.args);
      waiter.deadlineMs = wanted.deadlineMs;
      waiter.type = wanted.type;
      waiter.timedOut = wanted.timedOut;
    }
    for (let i = 0; i < wanted.keyCount; i++) {
      const entry = this.#waiters[db.index].getOrAdd(
        call.key(wanted.firstKey + i),
        () => new Set<Waiter>(),
      );
      if (entry.value.has(waiter)) continue;
      entry.value.add(waiter);
      waiter.keys.push({ database: db, entry });
    }
    this.#waitingClients++;
    client.isBlocked = true;
    client.hold();
    this.#unsubscribe ??= this.#changes.subscribe(this.#listener);
    if (waiter.deadlineMs === Infinity) return;
    this.#deadlines.add(waiter);
    this.#setTimer();
  }

  #noteReady(database: Database, key: Key): void {
    const entry = this.#waiters[database.index].get(key);
    if (entry === undefined || this.#ready.has(entry)) return;
    this.#ready.add(entry);
    this.#readyKeys.push({ database, entry });
    this.#settlement.set(After.Wake, true);
  }

  /** Tries those again whose keys have changed, and those whom that serves in turn. */
  #serve(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      for (let ready = this.#takeReady(); ready.length > 0; ready = this.#takeReady()) {
        for (const awaited of ready) this.#serveKey(awaited);
      }
    } finally {
      this.#isServing = false;
      this.#settlement.set(After.Wake, false);
    }
  }

  #takeReady(): readonly AwaitedKey[] {
    const ready = this.#readyKeys;
    this.#readyKeys = [];
    this.#ready.clear();
    return ready;
  }

  /** Those who wait for a key now, the first that came first, as long as it has what they can use. */
  #serveKey({ database, entry }: AwaitedKey): void {
    const key = this.#key.see(entry);
    // Who has to wait again is behind those, and not tried twice.
    let left = entry.value.size;
    for (const waiter of entry.value) {
      const type = database.typeOf(key);
      if (type === undefined || left-- === 0) return;
      if (type === waiter.type) this.#retry(waiter);
    }
  }

  #retry(waiter: Waiter): void {
    const { client, command, requests } = waiter;
    this.#take(waiter);
    client.isBlocked = false;
    this.#retried = waiter;
    try {
      this.#retrier.retry(client, requests, command);
    } finally {
      this.#retried = undefined;
      // Held once more if it waits on; else this lets its other requests go.
      client.release();
    }
  }

  /** Gives up on a waiter. */
  #giveUp(waiter: Waiter, write: (reply: Reply) => void): void {
    const { client, command } = waiter;
    this.#take(waiter);
    client.isBlocked = false;
    this.#retrier.answer(client, command, write);
    client.release();
  }

  /**
   * CLIENT UNBLOCK: ends the wait of a client, as if its time were over or with an error.
   *
   * @returns whether it waited
   */
  unblock(client: Client, withError: boolean): boolean {
    const waiter = client.facetIfAny(this.#facet);
    if (!client.isBlocked || waiter === undefined) return false;
    this.#giveUp(waiter, withError ? (reply) => reply.error(UNBLOCKED) : waiter.timedOut);
    return true;
  }

  /** The client is gone. */
  forget(waiter: Waiter): void {
    if (waiter.client.isBlocked) this.#take(waiter);
  }

  #take(waiter: Waiter): void {
    for (const { database, entry } of waiter.keys) {
      entry.value.delete(waiter);
      if (entry.value.size === 0) this.#waiters[database.index].delete(entry);
    }
    waiter.keys.length = 0;
    this.#deadlines.remove(waiter);
    this.#waitingClients--;
    if (this.#waitingClients > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#setTimer();
  }

  /** Sets the timer to the earliest deadline. */
  #setTimer(): void {
    const earliestMs = this.#deadlines.first?.deadlineMs ?? Infinity;
    if (earliestMs === this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = earliestMs;
    if (earliestMs === Infinity) return;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(earliestMs - this.#now())));
    this.#timer = setTimeout(() => this.expire(), delayMs);
  }

  /** Gives up on those whose time is over. O(those · log n). */
  expire(): void {
    const nowMs = this.#now();
    for (;;) {
      const { first } = this.#deadlines;
      if (first === undefined || first.deadlineMs > nowMs) break;
      this.#giveUp(first, first.timedOut);
    }
    this.#timerMs = Infinity;
    this.#setTimer();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
