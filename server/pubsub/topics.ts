/**
 * Names that clients are subscribed to: channels, shard channels, or patterns, a directory for each.
 * A name is there while somebody is subscribed to it, so what nobody listens to takes no memory.
 *
 * ```
 * KeyMap  bytes ──▶ entry ──▶ Topic   subscribers, in the order of their coming
 *                                     glob, of a pattern
 * ```
 */

import { GlobPattern } from "../../structures/bytes/glob.ts";
import { type HashedBytes, KeyMap, type KeyMapEntry } from "../../structures/key_map.ts";
import type { Client } from "../execution/client.ts";

/** Who is subscribed to a name. */
export interface Topic {
  readonly subscribers: Set<Client>;
}

/** A name with who is subscribed to it. */
export type TopicEntry = KeyMapEntry<Topic>;

const newTopic = (): Topic => ({ subscribers: new Set() });

export class Topics implements Iterable<TopicEntry> {
  readonly #topics = new KeyMap<Topic>();

  #subscriptions = 0;

  /** How many names there are. */
  get size(): number {
    return this.#topics.size;
  }

  /** How many subscriptions to them there are. */
  get subscriptions(): number {
    return this.#subscriptions;
  }

  /** The name's entry, if anybody is subscribed to it. O(length). */
  get(name: HashedBytes): TopicEntry | undefined {
    return this.#topics.get(name);
  }

  /** How many clients are subscribed to the name. O(length). */
  subscribersOf(name: HashedBytes): number {
    return this.#topics.get(name)?.value.subscribers.size ?? 0;
  }

  /** Adds a subscriber, if it is none yet. O(length). */
  join(name: HashedBytes, client: Client): TopicEntry {
    const entry = this.#topics.getOrAdd(name, newTopic);
    const { subscribers } = entry.value;
    if (!subscribers.has(client)) {
      subscribers.add(client);
      this.#subscriptions++;
    }
    return entry;
  }

  /** Takes a subscriber away, if it is one. O(length). */
  leave(entry: TopicEntry, client: Client): void {
    const { subscribers } = entry.value;
    if (!subscribers.delete(client)) return;
    this.#subscriptions--;
    if (subscribers.size === 0) this.#topics.delete(entry);
  }

  [Symbol.iterator](): Iterator<TopicEntry> {
    return this.#topics[Symbol.iterator]();
  }
}

/** As {@linkcode Topics}, of names that are patterns. */
export class PatternTopics extends Topics {
  /** The patterns, compiled, in the order in which they came. */
  readonly globs: Map<TopicEntry, GlobPattern> = new Map();

  override join(name: HashedBytes, client: Client): TopicEntry {
    const entry = super.join(name, client);
    if (!this.globs.has(entry)) this.globs.set(entry, new GlobPattern(entry.bytes));
    return entry;
  }

  override leave(entry: TopicEntry, client: Client): void {
    super.leave(entry, client);
    if (entry.value.subscribers.size === 0) this.globs.delete(entry);
  }
}
