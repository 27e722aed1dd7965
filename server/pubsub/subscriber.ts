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
  /** By kind, in the order in which they came; made with the first subscription of the kind. */
  #channels: Set<TopicEntry> | undefined;
  #patterns: Set<TopicEntry> | undefined;
  #shardChannels: Set<TopicEntry> | undefined;
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

  #entriesOf(topics: Topics): Set<TopicEntry> | undefined {
    if (topics === this.#directories.channels) return this.#channels;
    return topics === this.#directories.patterns ? this.#patterns : this.#shardChannels;
  }

  #newEntries(topics: Topics): Set<TopicEntry> {
    const entries = new Set<TopicEntry>();
    if (topics === this.#directories.channels) this.#channels = entries;
    else if (topics === this.#directories.patterns) this.#patterns = entries;
    else this.#shardChannels = entries;
    return entries;
  }

  /** How many names of a directory it is subscribed to. */
  count(topics: Topics): number {
    return this.#entriesOf(topics)?.size ?? 0;
  }

  /** The names of a directory that it is subscribed to, the oldest first. */
  entries(topics: Topics): Iterable<TopicEntry> {
    return this.#entriesOf(topics) ?? [];
  }

  add(topics: Topics, entry: TopicEntry): void {
    const entries = this.#entriesOf(topics) ?? this.#newEntries(topics);
    if (entries.has(entry)) return;
    entries.add(entry);
    this.#total++;
    this.#nameBytes += entry.length;
    this.#client.conditions |= Condition.Subscriber;
    this.#client.outputClass = "pubsub";
  }

  remove(topics: Topics, entry: TopicEntry): void {
    if (this.#entriesOf(topics)?.delete(entry) !== true) return;
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
    const { channels, patterns, shardChannels } = this.#directories;
    for (const topics of [channels, patterns, shardChannels]) {
      for (const entry of this.entries(topics)) this.remove(topics, entry);
    }
  }

  ended(): void {
    this.reset();
  }
}
