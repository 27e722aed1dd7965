/**
 * Tracking: clients that keep copies of what they read are told when a copy is worth nothing any more.
 *
 * ```
 * a tracker reads k  ──▶ settlement ──▶ tracked keys: k ▶ its number
 * somebody changes k ──▶ changes.ts ──▶ tracked keys: k is taken out ──▶ its readers are told, at once
 *                                  └──▶ prefixes: k is gathered ──▶ their watchers are told, once a turn
 * a database is emptied ────────────────────────────────────────▶ every tracker is told "all keys"
 * ```
 *
 * A client that changes what it has copies of itself is told behind the reply under way, for whatever
 * is pushed to it stands there (client.ts). While nobody tracks, nothing is subscribed to and no
 * call passes here.
 *
 * What the table takes is bounded by a number of keys. Past it keys are taken out by chance, as if
 * they had changed: a little for each call and each tick, more the longer that lasts.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Frame } from "../execution/frame.ts";
import { CallKeys } from "../execution/call_keys.ts";
import type { Client, FacetKind } from "../execution/client.ts";
import type { ClientList } from "../execution/client_list.ts";
import type { ExecutableCommand } from "../execution/command_table.ts";
import type { Push } from "../execution/push.ts";
import { After, type Settlement } from "../execution/settlement.ts";
import { ChangeKind, type ChangeListener } from "../keyspace/changes.ts";
import type { Key } from "../keyspace/key.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import { AllKeysChanged, keysChanged, receiverOf } from "./invalidations.ts";
import { type GatheredKey, Prefixes } from "./prefixes.ts";
import { type TrackedKey, TrackedKeys } from "./tracked_keys.ts";
import { Tracker, type TrackingOptions } from "./tracker.ts";
import { soon } from "../../structures/real_time.ts";

const { Tracking: TRACKING } = After;
const { Evicted: EVICTED, Expired: EXPIRED } = ChangeKind;

/** Keys that are taken out at a time where there are too many, at first; later a multiple of it. */
const EVICTED_AT_ONCE = 100;
/** Prefixes that a client may have. */
const MAX_PREFIXES = 1024;

/** What these read is told by the commands that they run. */
const RUNNING_OTHERS: ReadonlySet<string> = new Set(["eval_ro", "evalsha_ro", "fcall_ro"]);

const EVERY_KEY = new Uint8Array(0);

const TOO_MANY_PREFIXES = new ErrorReply(
  `ERR A client can have ${MAX_PREFIXES} prefixes at most`,
);

/** What tracking needs of its server. */
export interface TrackingParts {
  readonly keyspace: Keyspace;
  readonly settlement: Settlement;
  readonly clients: ClientList;
  /** Whose request is being carried out, if anybody's. */
  readonly executor: { readonly served: Client | undefined };
}

/** Numbers for INFO. */
export interface TrackingTotals {
  readonly clients: number;
  readonly keys: number;
  readonly items: number;
  readonly prefixes: number;
}

/** See the top of the file. */
export class Tracking {
  readonly #parts: TrackingParts;
  readonly #keys: TrackedKeys;
  readonly #prefixes: Prefixes;
  /** Trackers that are on. */
  readonly #trackers = new Set<Tracker>();
  /** Clients that have been tracked once, and may have keys in the table. */
  #facets = 0;
  readonly #facet: FacetKind<Tracker> = {
    make: (client) => {
      this.#facets++;
      return new Tracker(client, this);
    },
  };
  readonly #callKeys = new CallKeys();
  readonly #allKeysChanged = new AllKeysChanged();
  #maxKeys = Infinity;
  /** How often in a row the table has stayed too large. */
  #overruns = 0;
  #isTellingSoon = false;
  #unsubscribe: (() => void) | undefined;

  constructor(parts: TrackingParts) {
    this.#parts = parts;
    const { keyspace, settlement } = parts;
    this.#keys = new TrackedKeys(keyspace);
    this.#prefixes = new Prefixes(keyspace.hasher);
    settlement.hook(TRACKING, this.#settle, this.#refused);
  }

  get totals(): TrackingTotals {
    return {
      clients: this.#trackers.size,
      keys: this.#keys.size,
      items: this.#keys.items,
      prefixes: this.#prefixes.size,
    };
  }

  /** How a client is tracked, if it has ever been. */
  trackerOf(client: Client): Tracker | undefined {
    return client.facetIfAny(this.#facet);
  }

  /** @throws {ErrorReply} where a client would have too many prefixes with `more` of them */
  checkPrefixCount(client: Client, more: number): void {
    const count = this.trackerOf(client)?.prefixes.length ?? 0;
    if (count + more > MAX_PREFIXES) throw TOO_MANY_PREFIXES;
  }

  /**
   * Begins to track a client, or changes how it is tracked; prefixes that it has stay. The options are
   * checked already, and the prefixes do not overlap. O(prefixes).
   *
   * @param prefixes of a client that broadcasts; none: every key
   */
  enable(client: Client, options: TrackingOptions, prefixes: readonly Uint8Array[]): void {
    const tracker = client.facet(this.#facet);
    tracker.begin(options);
    this.#trackers.add(tracker);
    if (options.broadcasts) {
      for (const prefix of prefixes.length > 0 ? prefixes : [EVERY_KEY]) {
        this.#prefixes.watch(tracker, prefix);
      }
    }
    this.#unsubscribe ??= this.#parts.keyspace.changes.subscribe(this.#listener);
  }

  /** Tracks a client no more. What it has read stays in the table until that changes. O(prefixes). */
  disable(tracker: Tracker): void {
    tracker.end();
    this.#prefixes.unwatch(tracker);
    this.#trackers.delete(tracker);
    if (this.#trackers.size > 0 || this.#keys.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /** A client is gone. With the last one that was ever tracked goes the table. */
  ended(tracker: Tracker): void {
    this.#facets--;
    if (this.#facets === 0) this.#keys.clear();
    this.disable(tracker);
  }

  /** Remembers what a call has read, where its client is tracked. */
  readonly #settle = (call: Frame, command: ExecutableCommand): void => {
    const { author: client } = call.client;
    if ((client.after & TRACKING) !== 0) {
      const tracker = client.facet(this.#facet);
      if (command.isReadOnly && tracker.remembers && !RUNNING_OTHERS.has(command.fullName)) {
        this.#remember(call, command, client.id);
      }
      if (tracker.isCachingGiven) this.#passRequest(tracker, call, command);
    }
    if (this.#keys.size > this.#maxKeys || this.#overruns > 0) this.limitTable();
  };

  #remember(call: Frame, command: ExecutableCommand, id: number): void {
    const found = this.#callKeys;
    if (!found.find(command, call.args)) return;
    while (found.next()) {
      const key = call.key(found.index);
      if (!this.#keys.add(key, id)) this.#forgo(key, id);
    }
  }

  /** There is no memory to remember who has read a key: as far as they know, it changes at once. */
  #forgo({ bytes, start, length }: Key, id: number): void {
    const tracked = this.#keys.take({ bytes, start, length });
    const own = bytes.slice(start, start + length);
    const ids = [...tracked?.ids ?? [], id];
    this.#invalidate({ bytes: own, start: 0, length, ids }, undefined);
  }

  /** CLIENT CACHING is about one request that is not CLIENT's own, or one transaction. */
  #passRequest(tracker: Tracker, call: Frame, command: ExecutableCommand | undefined): void {
    const { client, depth } = call;
    if (depth > 0 || client.isBlocked || client.transaction !== undefined) return;
    if (command?.fullName.startsWith("client") !== true) tracker.isCachingGiven = false;
  }

  readonly #refused = (call: Frame, command: ExecutableCommand | undefined): void => {
    const tracker = this.trackerOf(call.client);
    if (tracker?.isCachingGiven === true) this.#passRequest(tracker, call, command);
  };

  readonly #listener: ChangeListener = {
    changed: (_database: number, key: Key, kind: ChangeKind): void => {
      const { served } = this.#parts.executor;
      const isNobodys = kind === EXPIRED || kind === EVICTED;
      if (this.#prefixes.size > 0) this.#gather(key, isNobodys ? undefined : served);
      const tracked = this.#keys.take(key);
      if (tracked !== undefined) this.#invalidate(tracked, kind === EVICTED ? undefined : served);
    },
    flushed: (_database: number, more: boolean): void => {
      if (more) return;
      this.#keys.clear();
      for (const tracker of this.#trackers) {
        this.#tell(tracker, this.#allKeysChanged.for(tracker));
      }
    },
  };

  /** Tells who may have copies of a key, but for `author` where it wants no word of its own changes. */
  #invalidate(tracked: TrackedKey, author: Client | undefined): void {
    const { clients } = this.#parts;
    let message: Push | undefined;
    for (const id of tracked.ids) {
      const client = clients.get(id);
      const tracker = client?.facetIfAny(this.#facet);
      if (tracker === undefined || !tracker.isOn || tracker.options.broadcasts) continue;
      if (tracker.options.noLoop && client === author) continue;
      this.#tell(tracker, message ??= keysChanged([tracked]));
    }
  }

  /** Sends a message; whoever has made the change itself gets it behind what it has published. */
  #tell(tracker: Tracker, message: Push): void {
    const { clients, executor } = this.#parts;
    const receiver = receiverOf(tracker, clients);
    if (receiver === executor.served) receiver?.pushLast(message);
    else receiver?.push(message);
  }

  #gather(key: Key, author: Client | undefined): void {
    if (this.#prefixes.gather(key, author)) return this.broadcast();
    if (this.#isTellingSoon || !this.#prefixes.hasGathered) return;
    this.#isTellingSoon = true;
    // Where it is no connection's turn that ends, this is when.
    soon(() => {
      this.#isTellingSoon = false;
      this.broadcast();
    });
  }

  /** A turn is over: tells who watches prefixes what has changed in it. O(what has). */
  broadcast(): void {
    if (this.#prefixes.hasGathered) this.#prefixes.tell(this.#tellWatchers);
  }

  readonly #tellWatchers = (watchers: Iterable<Tracker>, keys: readonly GatheredKey[]): void => {
    const { clients } = this.#parts;
    let toAll: Push | undefined;
    for (const tracker of watchers) {
      const others = tracker.options.noLoop ? ofOthers(keys, tracker.client) : keys;
      if (others.length === 0) continue;
      const receiver = receiverOf(tracker, clients);
      if (receiver === undefined) continue;
      receiver.push(others === keys ? toAll ??= keysChanged(keys) : keysChanged(others));
    }
  };

  /** Bounds the table. @param maxKeys 0: no bound */
  setMaxKeys(maxKeys: number): void {
    this.#maxKeys = maxKeys === 0 ? Infinity : maxKeys;
    this.limitTable();
  }

  /** Takes keys out of a table that is too large, as many as are due. Called at each tick, too. */
  limitTable(): void {
    const { settlement } = this.#parts;
    const maxKeys = this.#maxKeys;
    for (let due = EVICTED_AT_ONCE * (this.#overruns + 1); due > 0; due--) {
      if (this.#keys.size <= maxKeys) break;
      this.#invalidate(this.#keys.takeRandom()!, undefined);
    }
    this.#overruns = this.#keys.size > maxKeys ? this.#overruns + 1 : 0;
    // While it is too large, calls of all clients are occasions.
    settlement.set(TRACKING, this.#overruns > 0);
  }
}

/** The keys that others than a client have changed; the same array where those are all. */
function ofOthers(keys: readonly GatheredKey[], client: Client): readonly GatheredKey[] {
  if (!keys.some(({ value }) => value.author === client)) return keys;
  return keys.filter(({ value }) => value.author !== client);
}
