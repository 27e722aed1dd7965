/**
 * Which entry goes next.
 *
 * ```
 * lru, lfu   samples of every database ─▶ pool of the best ─▶ the best that are still there, and
 *                                                             have not been used since
 * ttl        the first of every database's TTL heap ─▶ the one that expires first: exactly
 * random     one of the next database in turn
 * ```
 *
 * Where several are going to go, their samples are drawn together: waits for memory overlap, and the
 * best of eighty are what sixteen times the best of five are. Samples among all keys are whole buckets
 * of the hash table: what one has more than `maxmemory-samples`, the next have less, so that they are
 * as many on average. Among keys that expire they are places in the TTL heap. Both are fair.
 *
 * The rank of an entry, the lower the sooner it goes, does not age while it is in the pool: for the
 * last use it is the second of that, counted as the server's clock counts, and not how long ago it is.
 */

import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { SAMPLE_SURPLUS } from "../../structures/hash_table/hash_table_sample.ts";
import { idleSecondsBetween, secondsClock, usesOf } from "../keyspace/access_clock.ts";
import type { Database } from "../keyspace/database.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import { EvictionOrder, type EvictionPolicy } from "./eviction_policy.ts";
import { EvictionPool, POOL_SIZE } from "./eviction_pool.ts";

/** More samples than this are not taken: each eviction would take too long. */
const MAX_SAMPLES = 64;
/** Most samples that are drawn together, and most victims that they are for: half of the pool. */
const MAX_SAMPLES_TOGETHER = 128;
const MAX_TOGETHER = POOL_SIZE / 2;
/**
 * Among entries of one rank, of which there are many, lots are drawn. Else those that come first would
 * go, which are the entries of one bucket, and what is left would be spread unevenly over the buckets.
 */
const TIES = 256;
const TIE_SHIFT = 24;

const { FirstToExpire, LeastOftenUsed, LeastRecentlyUsed, Random } = EvictionOrder;

export class Victims {
  readonly #keyspace: Keyspace;
  readonly #pool = new EvictionPool();
  readonly #sample = new Int32Array(MAX_SAMPLES_TOGETHER + SAMPLE_SURPLUS);
  #policy: EvictionPolicy;
  #samples = 1;
  /** By database: samples that are due, below 0 where there were too many. */
  readonly #due: Float64Array;
  /** How many more may be taken out of the pool before the next samples. */
  #ready = 0;
  /** Where the drawing of lots between entries of one rank has come to. */
  #tie = 0;
  /** The time, as ranks and clocks of entries count it. */
  #nowSeconds = 0;
  #nowClock = 0;
  /** The database that was the last one's at random. */
  #turn = 0;

  /**
   * The entry that goes next, and its database, once {@linkcode Victims.choose} has found one; and the
   * hash of its key, where that is known.
   */
  entry: Ref = NONE;
  database: Database;
  hash: number | undefined;

  constructor(keyspace: Keyspace, policy: EvictionPolicy) {
    this.#keyspace = keyspace;
    this.#policy = policy;
    this.database = keyspace.databases[0];
    this.#due = new Float64Array(keyspace.databases.length);
  }

  /** Goes by a policy from now on. @param samples `maxmemory-samples` */
  follow(policy: EvictionPolicy, samples: number): void {
    this.#policy = policy;
    this.#samples = Math.min(samples, MAX_SAMPLES);
    this.#pool.clear();
    this.#ready = 0;
  }

  /**
   * Chooses the entry that goes next. Expected O(databases + samples).
   *
   * @param bytes how much is to go, this one included
   * @returns false where there is none that may
   */
  choose(bytes: number): boolean {
    this.hash = undefined;
    switch (this.#policy.order) {
      case LeastRecentlyUsed:
      case LeastOftenUsed:
        return this.#chooseFromPool(bytes);
      case FirstToExpire:
        return this.#chooseFirstToExpire();
      case Random:
        return this.#chooseAtRandom();
      default:
        return false;
    }
  }

  #chooseFromPool(bytes: number): boolean {
    const pool = this.#pool;
    const { databases, nowMs } = this.#keyspace;
    this.#nowSeconds = Math.floor(nowMs / 1000);
    this.#nowClock = secondsClock(nowMs);
    for (;;) {
      while (this.#ready > 0 && pool.take()) {
        const database = databases[pool.database];
        const { entry, hash } = pool;
        if (!database.holds(entry, hash)) continue;
        if (this.#policy.isVolatile && database.expireAtMs(entry) === -1) continue;
        // Used since it was sampled.
        if (this.#rankOf(entry) > Math.floor(pool.rank / TIES)) continue;
        this.#ready--;
        this.hash = hash;
        return this.#found(database, entry);
      }
      // Whoever is sampled is ranked as it is now, so the next that is finds its way out.
      if (!this.#fillPool(bytes)) return false;
    }
  }

  /** Samples every database for those that are about to go. @returns whether one has keys that may */
  #fillPool(bytes: number): boolean {
    const { arena, databases } = this.#keyspace;
    const { isVolatile } = this.#policy;
    let keys = 0;
    for (let i = 0; i < databases.length; i++) keys += databases[i].size;
    const together = Math.min(
      Math.ceil(bytes / arena.usedBytes * keys),
      Math.floor(MAX_SAMPLES_TOGETHER / this.#samples),
      MAX_TOGETHER,
    );
    this.#ready = Math.max(together, 1);
    const wanted = this.#samples * this.#ready;
    let hasKeys = false;
    for (let i = 0; i < databases.length; i++) {
      const database = databases[i];
      const mayGo = isVolatile ? database.expiringCount : database.size;
      if (mayGo === 0) continue;
      hasKeys = true;
      if (isVolatile) this.#sampleExpiring(database, Math.min(wanted, mayGo));
      else this.#sampleAll(database, Math.min(wanted, mayGo));
    }
    return hasKeys;
  }

  #sampleAll(database: Database, wanted: number): void {
    const { index } = database;
    const due = this.#due[index] + wanted;
    this.#due[index] = due;
    if (due <= 0) return;
    const sample = this.#sample;
    const count = database.sample(due, sample);
    // What a sparse table has owed is not asked for twice.
    this.#due[index] = Math.min(due - count, 0);
    for (let i = 0; i < count; i++) this.#offer(database, sample[i]);
  }

  #sampleExpiring(database: Database, wanted: number): void {
    for (let left = wanted; left > 0; left--) this.#offer(database, database.randomExpiring());
  }

  #offer(database: Database, entry: Ref): void {
    const pool = this.#pool;
    this.#tie = (Math.imul(this.#tie, 1_664_525) + 1_013_904_223) | 0;
    const rank = this.#rankOf(entry) * TIES + (this.#tie >>> TIE_SHIFT);
    if (!pool.accepts(rank) || pool.has(database.index, entry)) return;
    pool.add(rank, database.index, entry, database.keyOf(entry).hash);
  }

  #rankOf(entry: Ref): number {
    const { access, entries, nowMs } = this.#keyspace;
    const clock = entries.clock(entry);
    if (this.#policy.order === LeastOftenUsed) return usesOf(access, nowMs, clock);
    return this.#nowSeconds - idleSecondsBetween(clock, this.#nowClock);
  }

  #chooseFirstToExpire(): boolean {
    let first = Infinity;
    let entry = NONE;
    for (const database of this.#keyspace.databases) {
      const candidate = database.firstToExpire();
      if (candidate === NONE) continue;
      const expireAtMs = database.expireAtMs(candidate);
      if (entry !== NONE && expireAtMs >= first) continue;
      first = expireAtMs;
      entry = candidate;
      this.database = database;
    }
    this.entry = entry;
    return entry !== NONE;
  }

  /** As on Redis the databases have their turns, however many keys each has. */
  #chooseAtRandom(): boolean {
    const { databases } = this.#keyspace;
    const { isVolatile } = this.#policy;
    for (let i = 0; i < databases.length; i++) {
      this.#turn = (this.#turn + 1) % databases.length;
      const database = databases[this.#turn];
      const entry = isVolatile ? database.randomExpiring() : database.anyEntry();
      if (entry !== NONE) return this.#found(database, entry);
    }
    return false;
  }

  #found(database: Database, entry: Ref): boolean {
    this.database = database;
    this.entry = entry;
    return true;
  }
}
