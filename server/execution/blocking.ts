/**
 * Clients that wait for what a key may get, or for a time to pass.
 *
 * ```
 * BLPOP a b 5 ──▶ nothing there ──▶ Waiter ─┬─▶ a place in the rows of a and of b, at their ends
 *                                           └─▶ deadlines: a heap, one timer
 *
 * RPUSH a x ──▶ changed(a) ──▶ ready ──▶ after the command: those in the row of a are tried again,
 *                                        the first first, as long as a has what they can use
 * ```
 *
 * What is tried again is the whole command: it finds its keys as they are, whatever became of them.
 * Where it gives another key something, as BLMOVE does, that key is ready behind those that are. A
 * waiter costs nothing while it waits: keys are looked up when they change, and nobody goes through
 * the waiters.
 *
 * A command in a transaction or a script does not wait (`call.mayBlock`).
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import { type Deadline, DeadlineHeap } from "../../structures/deadline_heap.ts";
import { KeyMap, type KeyMapEntry } from "../../structures/key_map.ts";
import { after, cancel, type Timer } from "../../structures/real_time.ts";
import { ChangeKind, type ChangeListener } from "../keyspace/changes.ts";
import type { Database } from "../keyspace/database.ts";
import { Type } from "../keyspace/entry.ts";
import { Key } from "../keyspace/key.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Frame } from "./frame.ts";
import type { Client, Facet, FacetKind } from "./client.ts";
import { After, type Settlement } from "./settlement.ts";
import { StoredRequest } from "./stored_request.ts";

/** What a waiter takes, about, beside its request and its places. */
const WAITER_BYTES = 512;
/** What a place takes, about, with its part of the row and of the key. */
const PLACE_BYTES = 256;
/** Places that all waiters have at most: each is a few objects of V8's heap. */
const MAX_PLACES = 1024 * 1024;
/** A request that took no more stays, to be written over by the client's next that waits. */
const KEPT_REQUEST_BYTES = 1024;
/** Longest time that a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const TOO_MANY = new ErrorReply(
  `ERR too many keys are waited for: all clients together may wait for ${MAX_PLACES}`,
);
const UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";

/** What a command waits for. */
export interface Wanted {
  /** The arguments that are its keys: from `firstKey` on, `keyCount` of them. None: only the time. */
  readonly firstKey: number;
  readonly keyCount: number;
  /** The type of value that it can use. */
  readonly type?: Type;
  /** When it gives up, in milliseconds since 1970; Infinity: never. */
  readonly deadlineMs: number;
  /** Writes what it replies then. */
  readonly timedOut: (reply: Reply) => void;
}

/** Whoever carries out requests that waited. */
export interface Retrier {
  /** Runs the request of a client again, and sends its reply. */
  retry(client: Client, request: StoredRequest): void;
  /**
   * Replies in place of running it.
   *
   * @param isCounted whether the command counts as called
   */
  answer(
    client: Client,
    request: StoredRequest,
    write: (reply: Reply) => void,
    isCounted: boolean,
  ): void;
  /** Replies with an error in place of running it. */
  fail(client: Client, request: StoredRequest, message: string): void;
}

/** Those who wait for a key. */
class Row {
  first: Place | undefined;
  last: Place | undefined;
  /** Where its key is. */
  entry!: KeyMapEntry<Row>;
  /** Whether the key has changed since they were last tried. */
  isReady = false;

  constructor(readonly database: Database) {}
}

/** The place of a waiter in a row. */
class Place {
  next: Place | undefined;
  /** The place that its waiter took before. */
  readonly earlier: Place | undefined;

  constructor(
    readonly waiter: Waiter,
    readonly row: Row,
    public previous: Place | undefined,
  ) {
    this.earlier = waiter.latest;
    waiter.latest = this;
    waiter.placeCount++;
  }
}

class Waiter implements Deadline, Facet {
  /** The place that it took last, from which its others are reached, and how many there are. */
  latest: Place | undefined;
  placeCount = 0;
  heapIndex = -1;
  request: StoredRequest | undefined;
  type: Type | undefined;
  deadlineMs = Infinity;
  timedOut!: (reply: Reply) => void;

  constructor(readonly blocking: Blocking, readonly client: Client) {}

  get memoryBytes(): number {
    return WAITER_BYTES + (this.request?.memoryBytes ?? 0) + PLACE_BYTES * this.placeCount;
  }

  /** Lets go of a request that is done, unless it is small. */
  dropRequest(): void {
    if (this.request !== undefined && this.request.memoryBytes > KEPT_REQUEST_BYTES) {
      this.request = undefined;
    }
  }

  /** A client that waits sends no RESET that would be carried out. */
  reset(): void {}

  ended(): void {
    this.blocking.forget(this);
  }
}

/** See the top of the file. */
export class Blocking {
  readonly #keyspace: Keyspace;
  readonly #settlement: Settlement;
  readonly #retrier: Retrier;
  readonly #now: () => number;
  /** By the number of the database: who waits for its keys. */
  readonly #rows: KeyMap<Row>[];
  readonly #deadlines = new DeadlineHeap<Waiter>();
  readonly #key = new Key();
  readonly #facet: FacetKind<Waiter> = { make: (client) => new Waiter(this, client) };
  #waitingClients = 0;
  /** By type: those who wait for keys with such a value. */
  readonly #waitingFor = new Int32Array(Object.keys(Type).length);
  #placeCount = 0;
  /** The rows of keys that have changed, in that order. */
  readonly #ready: Row[] = [];
  #isServing = false;
  #retried: Waiter | undefined;
  #unsubscribe: (() => void) | undefined;
  #timer: Timer | undefined;
  /** When the timer goes off: never later than the earliest deadline. */
  #timerMs = Infinity;
  #isClosed = false;

  /** @param now milliseconds since 1970 */
  constructor(keyspace: Keyspace, settlement: Settlement, retrier: Retrier, now: () => number) {
    this.#keyspace = keyspace;
    this.#settlement = settlement;
    this.#retrier = retrier;
    this.#now = now;
    this.#rows = keyspace.databases.map(() => new KeyMap());
    settlement.hook(After.Wake, (call) => {
      if (call.depth === 0 && !keyspace.isHeld) this.#serve();
    });
  }

  /** Clients that wait. */
  get waitingClients(): number {
    return this.#waitingClients;
  }

  /** Clients that wait no longer than to a deadline. */
  get clientsWithDeadline(): number {
    return this.#deadlines.size;
  }

  /** Keys that are waited for. O(databases). */
  get awaitedKeys(): number {
    return this.#rows.reduce((total, { size }) => total + size, 0);
  }

  /**
   * Has the client of a call wait: the call ends without a reply, and its request is tried again. The
   * call must be one that may block. O(keys).
   *
   * @throws {ErrorReply} where clients wait for too many keys already
   */
  wait(call: Frame, wanted: Wanted): void {
    const { client } = call;
    if (this.#placeCount + wanted.keyCount > MAX_PLACES) throw TOO_MANY;
    const waiter = client.facet(this.#facet);
    // Who is tried again in vain waits on, and for no longer than it first said.
    if (this.#retried !== waiter) {
      keepRequest(waiter, call);
      waiter.deadlineMs = wanted.deadlineMs;
      waiter.type = wanted.type;
      waiter.timedOut = wanted.timedOut;
    }
    for (let i = 0; i < wanted.keyCount; i++) this.#takePlace(waiter, call, wanted.firstKey + i);
    if (waiter.type !== undefined) this.#waitingFor[waiter.type]++;
    this.#waitingClients++;
    client.isBlocked = true;
    client.hold();
    this.#unsubscribe ??= this.#keyspace.changes.subscribe(this.#listener);
    if (waiter.deadlineMs === Infinity) return;
    this.#deadlines.add(waiter);
    this.#setTimer();
  }

  /** Puts a waiter at the end of the row of the key in argument `i`, if it is not in it. */
  #takePlace(waiter: Waiter, call: Frame, i: number): void {
    const { db } = call;
    const entry = this.#rows[db.index].getOrAdd(call.key(i), () => new Row(db));
    const row = entry.value;
    row.entry = entry;
    const { last } = row;
    // Nobody else came since it asked for the key before.
    if (last?.waiter === waiter) return;
    const place = new Place(waiter, row, last);
    if (last === undefined) row.first = place;
    else last.next = place;
    row.last = place;
    this.#placeCount++;
  }

  readonly #listener: ChangeListener = {
    changed: (database, key, kind) => {
      if (kind === ChangeKind.Written) this.#noteReady(database, key);
    },
    swapped: (first, second) => {
      for (const database of [first, second]) {
        for (const entry of this.#rows[database]) this.#noteReady(database, this.#key.see(entry));
      }
    },
  };

  #noteReady(database: number, key: Key): void {
    const row = this.#rows[database].get(key)?.value;
    if (row === undefined || row.isReady) return;
    const type = this.#keyspace.databases[database].typeOf(key);
    if (type === undefined || this.#waitingFor[type] === 0) return;
    row.isReady = true;
    this.#ready.push(row);
    this.#settlement.set(After.Wake, true);
  }

  /** Tries those again whose keys have changed, and those whom that serves in turn. */
  #serve(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    // What came before may have taken long, and the key be gone again.
    this.#keyspace.updateClock();
    const ready = this.#ready;
    try {
      for (let i = 0; i < ready.length; i++) {
        ready[i].isReady = false;
        this.#serveRow(ready[i]);
      }
    } finally {
      for (const row of ready) row.isReady = false;
      ready.length = 0;
      this.#isServing = false;
      this.#settlement.set(After.Wake, false);
    }
  }

  /** Those who wait for a key now, in their order, as long as it has what they can use. */
  #serveRow({ database, entry, first, last }: Row): void {
    let type = database.typeOf(this.#key.see(entry));
    for (let place = first; place !== undefined && type !== undefined;) {
      const { next, waiter } = place;
      if (waiter.type === type) {
        this.#take(waiter);
        this.#retry(waiter);
        type = database.typeOf(this.#key.see(entry));
      }
      // Who has to wait again is behind the last, and not tried twice.
      if (place === last) return;
      place = next;
    }
  }

  #retry(waiter: Waiter): void {
    const { client, request } = waiter;
    this.#retried = waiter;
    try {
      this.#retrier.retry(client, request!);
    } finally {
      this.#retried = undefined;
      if (client.isPostponed) this.#postpone(waiter);
      else if (!client.isBlocked) waiter.dropRequest();
      // Held once more if it waits on; else this lets its other requests go.
      client.release();
    }
  }

  /** Its client may not run commands now, and is held for that: it is tried once that is over. */
  #postpone(waiter: Waiter): void {
    const { client } = waiter;
    client.isPostponed = false;
    client.whenReleased = () => {
      client.hold();
      this.#retry(waiter);
    };
  }

  /**
   * CLIENT UNBLOCK: ends the wait of a client, as if its time were over or with an error.
   *
   * @returns whether it waited
   */
  unblock(client: Client, withError: boolean): boolean {
    const waiter = client.facetIfAny(this.#facet);
    if (!client.isBlocked || client.suspended !== undefined || waiter === undefined) return false;
    this.#giveUp(waiter, withError ? UNBLOCKED : undefined);
    return true;
  }

  #giveUp(waiter: Waiter, error: string | undefined): void {
    const { client, request, timedOut, type } = waiter;
    this.#take(waiter);
    // As on Redis, who only waits for replicas is counted where that ends at once.
    if (error === undefined) this.#retrier.answer(client, request!, timedOut, type !== undefined);
    else this.#retrier.fail(client, request!, error);
    waiter.dropRequest();
    client.release();
  }

  /** The client is gone. */
  forget(waiter: Waiter): void {
    const { client } = waiter;
    if (client.isBlocked && client.suspended === undefined) this.#take(waiter);
  }

  /** Has a client wait no more. O(its keys). */
  #take(waiter: Waiter): void {
    const { type } = waiter;
    for (let place = waiter.latest; place !== undefined; place = place.earlier) {
      this.#leavePlace(place);
    }
    this.#placeCount -= waiter.placeCount;
    waiter.latest = undefined;
    waiter.placeCount = 0;
    this.#deadlines.remove(waiter);
    waiter.client.isBlocked = false;
    if (type !== undefined) this.#waitingFor[type]--;
    this.#waitingClients--;
    if (this.#waitingClients === 0) this.#stopListening();
  }

  #leavePlace({ next, previous, row }: Place): void {
    if (next !== undefined) next.previous = previous;
    else row.last = previous;
    if (previous !== undefined) previous.next = next;
    else row.first = next;
    if (row.first === undefined) this.#rows[row.database.index].delete(row.entry);
  }

  #stopListening(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /**
   * Sets the timer to the earliest deadline, unless it goes off before: then it is set anew, for most
   * who wait are served long before their time is over.
   */
  #setTimer(): void {
    const earliestMs = this.#deadlines.first?.deadlineMs ?? Infinity;
    if (earliestMs >= this.#timerMs || this.#isClosed) return;
    cancel(this.#timer);
    this.#timerMs = earliestMs;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(earliestMs - this.#now())));
    this.#timer = after(delayMs, () => this.expire());
  }

  /**
   * Gives up on those whose time is over, for a clock that has jumped: the timer knows only how much
   * time has passed. O(1) if there are none.
   */
  update(nowMs: number): void {
    const { first } = this.#deadlines;
    if (first !== undefined && first.deadlineMs <= nowMs) this.expire();
  }

  /** Gives up on those whose time is over. O(those · log n). */
  expire(): void {
    const nowMs = this.#now();
    for (;;) {
      const { first } = this.#deadlines;
      if (first === undefined || first.deadlineMs > nowMs) break;
      this.#giveUp(first, undefined);
    }
    this.#timerMs = Infinity;
    this.#setTimer();
  }

  /** Ends the timer; who waits does so until its connection ends. */
  close(): void {
    this.#isClosed = true;
    cancel(this.#timer);
  }
}

/** Copies the request of a call, over the one before if that was small. */
function keepRequest(waiter: Waiter, { args }: Frame): void {
  if (waiter.request?.replace(args) !== true) waiter.request = new StoredRequest(args);
}
