/**
 * Transactions: MULTI, EXEC, DISCARD, WATCH and UNWATCH.
 *
 * ```
 * WATCH k ──▶ watchers of k ◀── changed, flushed (changes.ts)      stale: EXEC does nothing
 * MULTI   ──▶ conditions Transaction and Queue: what follows is admitted as ever, then stored
 *             a refusal                                             failed: EXEC is an error
 * EXEC    ──▶ array of the replies, each command in a frame of the next depth
 * ```
 *
 * A command is admitted once, when it is queued; EXEC itself is admitted as the strictest of what it
 * runs. In between nothing else runs, so the keys cannot change and the clock stands still.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { KeyMap, type KeyMapEntry } from "../../structures/key_map.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { Changes } from "../keyspace/changes.ts";
import type { Database } from "../keyspace/database.ts";
import { Key } from "../keyspace/key.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Instead } from "./admission.ts";
import type { Frame } from "./frame.ts";
import type { Client, ClientNotes, Facet, FacetKind, OpenTransaction } from "./client.ts";
import type { ExecutableCommand } from "./command_table.ts";
import { CallEffect, effectsOf, mayReplicate } from "./call_effects.ts";
import { Condition } from "./condition.ts";
import type { Gates } from "./invoker.ts";
import { StoredRequest } from "./stored_request.ts";
import { StoredRequests } from "./stored_requests.ts";
import type { Suspension } from "./suspension.ts";

const NO_MULTI = new ErrorReply("ERR EXEC without MULTI");
const NO_MULTI_TO_DISCARD = new ErrorReply("ERR DISCARD without MULTI");
const NESTED = new ErrorReply("ERR MULTI calls can not be nested");
const LATE_WATCH = new ErrorReply("ERR WATCH inside MULTI is not allowed");
const NOT_IN_MULTI = "ERR Command not allowed inside a transaction";
const ABORTED = new ErrorReply("EXECABORT Transaction discarded because of previous errors.");

/** Commands that act on the transaction, or end it, and are not queued. */
const NOT_QUEUED: ReadonlySet<string> = new Set([
  "exec",
  "discard",
  "multi",
  "watch",
  "quit",
  "reset",
]);

const QUEUE_BYTES = 512;
const QUEUE_ARGUMENTS = 32;
/** Queues that are kept for the next transaction. */
const KEPT_QUEUES = 64;
const WATCH_BYTES = 128;

/** A key that a client watches. */
interface WatchedKey {
  readonly database: Database;
  readonly entry: KeyMapEntry<Set<Watch>>;
  /** Whether it was there when it was watched. */
  readonly wasPresent: boolean;
}

/** The keys that a client watches. */
class Watch implements Facet {
  readonly keys: WatchedKey[] = [];
  /** Whether one of them has changed. */
  isStale = false;

  constructor(readonly transactions: Transactions, readonly client: Client) {}

  /** Whether a key was there when it was watched. O(keys). */
  saw(entry: KeyMapEntry<Set<Watch>>): boolean {
    return this.keys.some((key) => key.entry === entry && key.wasPresent);
  }

  get memoryBytes(): number {
    return this.keys.length * WATCH_BYTES;
  }

  note(notes: ClientNotes): void {
    notes.watched = this.keys.length;
    if (this.isStale) notes.flags += "d";
  }

  execRefused(): void {
    this.reset();
  }

  reset(): void {
    this.transactions.forget(this);
    this.isStale = false;
  }

  ended(): void {
    this.reset();
  }
}

/** The commands that a client has queued; taken from client to client. */
class Queued implements Facet, OpenTransaction {
  client!: Client;
  /** What the client watches: it cannot begin to while it queues. */
  watch: Watch | undefined;
  readonly commands: ExecutableCommand[] = [];
  /** Of each command's first key, which was loaded ahead a moment ago. */
  readonly hashes: number[] = [];
  readonly requests = new StoredRequests(QUEUE_BYTES, QUEUE_ARGUMENTS);
  hasFailed = false;
  deniesOom = false;
  mayReplicate = false;

  constructor(readonly transactions: Transactions) {}

  clear(): void {
    this.commands.length = 0;
    this.hashes.length = 0;
    this.requests.clear();
    this.client = undefined!;
    this.watch = undefined;
    this.hasFailed =
      this.deniesOom =
      this.mayReplicate =
        false;
  }

  get memoryBytes(): number {
    return this.requests.memoryBytes;
  }

  note(notes: ClientNotes): void {
    notes.flags += "x";
    notes.queued = this.commands.length;
    notes.transactionBytes = this.requests.memoryBytes;
  }

  refused(isExec: boolean): void {
    if (isExec) this.transactions.discard(this.client);
    else this.hasFailed = true;
  }

  reset(): void {
    this.transactions.discard(this.client);
  }

  ended(): void {
    this.reset();
  }
}

/** Runs commands that are admitted already. */
export interface Performer {
  frame(depth: number): Frame;
  /** @returns the milliseconds that it took; NaN where it was not timed */
  perform(call: Frame, command: ExecutableCommand): number;
  /** Goes on with a command that had stopped in the middle. */
  resume(call: Frame, command: ExecutableCommand, suspension: Suspension): void;
}

/** The error in place of a command that may not be carried out any more. */
type LateRefusal = (call: Frame, command: ExecutableCommand) => string | undefined;

export class Transactions {
  readonly #keyspace: Keyspace;
  readonly #changes: Changes;
  readonly #maxQueueBytes: () => number;
  /** By the number of the database: who watches its keys. */
  readonly #watchers: KeyMap<Set<Watch>>[];
  #watchedKeys = 0;
  readonly #key = new Key();
  #unsubscribe: (() => void) | undefined;
  readonly #spareQueues: Queued[] = [];
  readonly #watches: FacetKind<Watch> = { make: (client) => new Watch(this, client) };
  /** Why what was queued may not be carried out any more, of clients that have the condition Acl. */
  lateRefusal: LateRefusal | undefined;
  readonly #queues: FacetKind<Queued> = { make: (client) => this.#takeQueue(client) };

  /** @param maxQueueBytes a client that queues more is closed */
  constructor(keyspace: Keyspace, { admission }: Gates, maxQueueBytes: () => number) {
    this.#keyspace = keyspace;
    this.#changes = keyspace.changes;
    this.#maxQueueBytes = maxQueueBytes;
    this.#watchers = keyspace.databases.map(() => new KeyMap());
    admission.check(
      Condition.Transaction,
      (_, command) => command.deniesMulti ? NOT_IN_MULTI : undefined,
    );
    admission.check(
      Condition.Queue,
      (_, command) => NOT_QUEUED.has(command.fullName) ? undefined : this.#queue,
    );
  }

  /** Begins to queue. @throws {ErrorReply} where the client does already */
  multi(client: Client): void {
    if (client.transaction !== undefined) throw NESTED;
    client.transaction = client.facet(this.#queues);
    client.conditions |= Condition.Transaction | Condition.Queue;
  }

  readonly #queue: Instead = (call, command) => {
    const { args, client, reply } = call;
    // Whoever has the condition Queue has called multi.
    const queued = client.transaction as Queued;
    // Nothing is kept for a transaction that is lost already.
    if (!queued.hasFailed && queued.watch?.isStale !== true) {
      queued.requests.append(args);
      queued.hashes.push(call.hashes.first(command, args));
      queued.commands.push(command);
      const effects = effectsOf(call, command);
      queued.deniesOom ||= (effects & CallEffect.NeedsMemory) !== 0;
      queued.mayReplicate ||= mayReplicate(effects);
      if (queued.requests.byteLength > this.#maxQueueBytes()) client.transport.close();
    }
    reply.status("QUEUED");
    return true;
  };

  /** Runs what was queued. O(commands). @throws {ErrorReply} where there is nothing, or an error was */
  exec(call: Frame, performer: Performer): void {
    const { client, reply } = call;
    if (client.transaction === undefined) throw NO_MULTI;
    const queued = client.transaction as Queued;
    const { commands, hasFailed } = queued;
    const isStale = this.#isStale(client);
    // From here on the client queues no more, and what it watched is let go of.
    this.#stopQueueing(client);
    try {
      if (hasFailed) throw ABORTED;
      if (isStale) return reply.nilArray();
      const mark = reply.mark();
      reply.array(commands.length);
      this.#perform(call, performer, queued, 0, mark);
    } finally {
      this.#finish(queued, client);
    }
  }

  /** Runs the commands from number `from` on, until one stops in the middle. */
  #perform(call: Frame, performer: Performer, queued: Queued, from: number, mark: number): void {
    const { client } = call;
    const { commands } = queued;
    for (let r = from; r < commands.length; r++) {
      const frame = this.#show(call, performer, queued, r);
      const refusal = (client.conditions & Condition.Acl) === 0
        ? undefined
        : this.lateRefusal?.(frame, commands[r]);
      if (refusal === undefined) performer.perform(frame, commands[r]);
      else client.reply.error(refusal);
      if (client.suspended !== undefined) return this.#suspend(call, performer, queued, r, mark);
    }
  }

  /** The frame for command number `r`. */
  #show({ client, depth }: Frame, performer: Performer, queued: Queued, r: number): Frame {
    const frame = performer.frame(depth + 1);
    frame.setClient(client);
    queued.requests.show(r, frame.args);
    frame.hashes.begin(queued.commands[r], queued.hashes[r]);
    return frame;
  }

  /** Command number `r` has stopped in the middle, and so does EXEC. */
  #suspend(call: Frame, performer: Performer, queued: Queued, r: number, mark: number): void {
    const { client } = call;
    // Whatever is there is what a call has left of itself.
    const inner = client.suspended as Suspension;
    // What was replied so far waits aside, as nobody may see a part of it.
    const replied = client.reply.out.cut(mark);
    const suspension: Suspension = {
      request: new StoredRequest(call.args),
      resume: (call) => {
        const newMark = call.reply.mark();
        call.reply.out.append(replied, 0, replied.length);
        try {
          performer.resume(this.#show(call, performer, queued, r), queued.commands[r], inner);
          if (client.suspended === undefined) {
            this.#perform(call, performer, queued, r + 1, newMark);
          } else this.#suspend(call, performer, queued, r, newMark);
        } finally {
          this.#finish(queued, client);
        }
      },
    };
    client.suspended = suspension;
  }

  #finish(queued: Queued, client: Client): void {
    if (client.suspended !== undefined) return;
    client.dropFacet(this.#queues);
    this.#returnQueue(queued);
  }

  #isStale(client: Client): boolean {
    const watch = client.facetIfAny(this.#watches);
    if (watch === undefined) return false;
    return watch.isStale || watch.keys.some(({ database, entry, wasPresent }) =>
      // Whatever else takes a key away has been told of: it has expired.
      wasPresent && database.peek(this.#key.see(entry)) === NONE
    );
  }

  /** DISCARD. @throws {ErrorReply} where nothing is queued */
  abandon(client: Client): void {
    if (client.transaction === undefined) throw NO_MULTI_TO_DISCARD;
    this.discard(client);
  }

  /** Drops what was queued and what was watched, if anything was. */
  discard(client: Client): void {
    if (client.transaction === undefined) return;
    const queued = client.transaction as Queued;
    this.#stopQueueing(client);
    client.dropFacet(this.#queues);
    this.#returnQueue(queued);
  }

  #stopQueueing(client: Client): void {
    client.transaction = undefined;
    client.conditions &= ~(Condition.Transaction | Condition.Queue);
    this.unwatch(client);
  }

  #takeQueue(client: Client): Queued {
    const queued = this.#spareQueues.pop() ?? new Queued(this);
    queued.client = client;
    queued.watch = client.facetIfAny(this.#watches);
    return queued;
  }

  #returnQueue(queued: Queued): void {
    if (this.#spareQueues.length === KEPT_QUEUES) return;
    queued.clear();
    this.#spareQueues.push(queued);
  }

  /** Watches the keys in the arguments from `first` on. O(keys). @throws {ErrorReply} after MULTI */
  watch(call: Frame, first: number): void {
    const { client, count, db } = call;
    if (client.transaction !== undefined) throw LATE_WATCH;
    const watch = client.facet(this.#watches);
    if (watch.isStale) return;
    for (let i = first; i < count; i++) {
      const key = call.key(i);
      const { value: watchers } = this.#watchers[db.index].getOrAdd(key, () => new Set());
      if (watchers.has(watch)) continue;
      watchers.add(watch);
      const entry = this.#watchers[db.index].get(key)!;
      watch.keys.push({ database: db, entry, wasPresent: db.collect(key) });
      this.#watchedKeys++;
    }
    this.#unsubscribe ??= this.#changes.subscribe(this.#listener);
  }

  readonly #listener = {
    changed: (database: number, key: Key): void => {
      const entry = this.#watchers[database].get(key);
      if (entry !== undefined) { for (const watch of [...entry.value]) this.#spoil(watch); }
    },
    willFlush: (database: number): void => {
      const { databases } = this.#keyspace;
      for (const entry of this.#watchers[database]) {
        if (databases[database].peek(this.#key.see(entry)) === NONE) continue;
        for (const watch of [...entry.value]) this.#spoil(watch);
      }
    },
    swapped: (first: number, second: number): void => {
      if (first === second) return;
      this.#spoilSwapped(first);
      this.#spoilSwapped(second);
    },
  };

  /** A database has other keys: a key has changed that was there when it was watched, or is now. */
  #spoilSwapped(index: number): void {
    const database = this.#keyspace.databases[index];
    for (const entry of this.#watchers[index]) {
      const isPresent = database.peek(this.#key.see(entry)) !== NONE;
      for (const watch of [...entry.value]) {
        if (isPresent || watch.saw(entry)) this.#spoil(watch);
      }
    }
  }

  /** One of the keys has changed: the others do not matter any more. */
  #spoil(watch: Watch): void {
    watch.isStale = true;
    this.forget(watch);
  }

  /** UNWATCH. */
  unwatch(client: Client): void {
    client.facetIfAny(this.#watches)?.reset();
  }

  /** Lets go of all keys of a watch. O(keys). */
  forget(watch: Watch): void {
    for (const { database, entry } of watch.keys) {
      entry.value.delete(watch);
      if (entry.value.size === 0) this.#watchers[database.index].delete(entry);
    }
    this.#watchedKeys -= watch.keys.length;
    watch.keys.length = 0;
    if (this.#watchedKeys > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}
