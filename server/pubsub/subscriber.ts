/** What a client is subscribed to: a facet, which only subscribers have. */

import type { Client, ClientNotes, Facet } from "../execution/client.ts";
import { Condition } from "../execution/condition.ts";
import type { TopicEntry, Topics } from "./topics.ts";

/** What a subscriber takes, about, and each of its subscriptions beside its name, in bytes. */
const SUBSCRIBER_BYTES = 512;
const SUBSCRIPTION_BYTES = 64;

/** The directories that a client may be in. */
export interface Directories {
  readonly channels: Topics;
  readonly patterns: Topics;
  readonly shardChannels: Topics;
}

export class Subscriber implements Facet {
  readonly #directories: Directories;
  readonly #client: Client;
  /** In the order in which they came; made with the first subscription of the kind. */
  readonly #entries = new Map<Topics, Set<TopicEntry>>();
  /** Subscriptions of all kinds. */
  #total = 0;
  #nameBytes = 0;

  constructor(directories: Directories, client: Client) {
    this.#directories = directories;
    this.#client = client;
  }

  get memoryBytes(): number {
    return SUBSCRIBER_BYTES + this.#total * SUBSCRIPTION_BYTES + this.#nameBytes;
  }

  /** How many names of a directory it is subscribed to. */
  count(topics: Topics): number {
    return this.#entries.get(topics)?.size ?? 0;
  }

  /** The names of a directory that it is subscribed to, the oldest first. */
  entries(topics: Topics): Iterable<TopicEntry> {
    return this.#entries.get(topics) ?? [];
  }

  has(topics: Topics, entry: TopicEntry): boolean {
    return this.#entries.get(topics)?.has(entry) ?? false;
  }

  add(topics: Topics, entry: TopicEntry): void {
    let entries = this.#entries.get(topics);
    if (entries === undefined) this.#entries.set(topics, entries = new Set());
    if (entries.has(entry)) return;
    entries.add(entry);
    this.#total++;
    this.#nameBytes += entry.length;
    this.#client.conditions |= Condition.Subscriber;
    this.#client.outputClass = "pubsub";
  }

  remove(topics: Topics, entry: TopicEntry): void {
    if (this.#entries.get(topics)?.delete(entry) !== true) return;
    this.#total--;
    this.#nameBytes -= entry.length;
    topics.leave(entry, this.#client);
    if (this.#total > 0) return;
    this.#client.conditions &= ~Condition.Subscriber;
    this.#client.outputClass = "normal";
  }

  note(notes: ClientNotes): void {
    const { channels, patterns, shardChannels } = this.#directories;
    notes.channels = this.count(channels);
    notes.patterns = this.count(patterns);
    notes.shardChannels = this.count(shardChannels);
    if (this.#total > 0) notes.flags += "P";
  }

  reset(): void {
    this.#entries.forEach((entries, topics) => {
      for (const entry of entries) this.remove(topics, entry);
    });
  }

  ended(): void {
    this.reset();
  }
}
