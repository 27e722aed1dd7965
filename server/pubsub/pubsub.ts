/**
 * Publish and subscribe: messages to whoever listens to a channel now. Nothing of them is kept.
 *
 * ```
 * PUBLISH c m ─┬─▶ channels, by hash ─▶ entry of c ─▶ its subscribers     message   c m
 *              └─▶ patterns, each ──── matches c? ──▶ its subscribers     pmessage  p c m
 * SPUBLISH c m ──▶ shard channels ───▶ entry of c ─▶ its subscribers      smessage  c m
 * ```
 *
 * A message is encoded once a dialect and kind, and appended to the output of each subscriber. Shard
 * channels are names of their own, which no pattern matches.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import type { KeyHasher } from "../../structures/hash_table/hash.ts";
import type { HashedBytes } from "../../structures/key_map.ts";
import type { Admission } from "../execution/admission.ts";
import type { Client, FacetKind } from "../execution/client.ts";
import { Condition } from "../execution/condition.ts";
import { PublishedMessage } from "./published_message.ts";
import { type Directories, Subscriber } from "./subscriber.ts";
import { PatternTopics, type TopicEntry, Topics } from "./topics.ts";

/**
 * Subscriptions of all clients. Each takes some 500 bytes of V8's heap, which ends the process where
 * it overflows.
 */
const MAX_SUBSCRIPTIONS = 2 ** 21;
const TOO_MANY = new ErrorReply("ERR too many subscriptions");

const MESSAGE = bytesOfByteString("message");
const PATTERN_MESSAGE = bytesOfByteString("pmessage");
const SHARD_MESSAGE = bytesOfByteString("smessage");

/** What a subscriber may call whose protocol does not tell messages from replies. */
const OPEN_TO_SUBSCRIBERS: ReadonlySet<string> = new Set([
  "ping",
  "subscribe",
  "ssubscribe",
  "unsubscribe",
  "sunsubscribe",
  "psubscribe",
  "punsubscribe",
  "quit",
  "reset",
]);

export class PubSub implements Directories {
  readonly channels: Topics = new Topics();
  readonly patterns: PatternTopics = new PatternTopics();
  readonly shardChannels: Topics = new Topics();
  readonly #hasher: KeyHasher;
  readonly #maxSubscriptions: number;
  readonly #published = new PublishedMessage();
  readonly #subscribers: FacetKind<Subscriber> = {
    make: (client) => new Subscriber(this, client),
  };

  /** @param maxSubscriptions of all clients together */
  constructor(
    admission: Admission,
    hasher: KeyHasher,
    maxSubscriptions: number = MAX_SUBSCRIPTIONS,
  ) {
    this.#hasher = hasher;
    this.#maxSubscriptions = maxSubscriptions;
    admission.check(
      Condition.Subscriber,
      ({ reply }, { fullName }) =>
        reply.protocol === 3 || OPEN_TO_SUBSCRIBERS.has(fullName)
          ? undefined
          : `ERR Can't execute '${fullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / ` +
            "QUIT / RESET are allowed in this context",
    );
  }

  /** Whether anybody could get a message that is published, but for shard channels. */
  get hasSubscribers(): boolean {
    return this.channels.size > 0 || this.patterns.size > 0;
  }

  /** Subscribes a client to a name of one of the directories; once however often. O(length). */
  subscribe(client: Client, topics: Topics, name: HashedBytes): void {
    client.facet(this.#subscribers).add(topics, topics.join(name, client));
  }

  /** @throws {ErrorReply} where there are too many subscriptions for so many more */
  reserve(count: number): void {
    const { channels, patterns, shardChannels } = this;
    const present = channels.subscriptions + patterns.subscriptions + shardChannels.subscriptions;
    if (present + count > this.#maxSubscriptions) throw TOO_MANY;
  }

  /** Ends a client's subscription to a name, if there is one. O(length). */
  unsubscribe(client: Client, topics: Topics, name: HashedBytes): void {
    const entry = topics.get(name);
    if (entry !== undefined) client.facetIfAny(this.#subscribers)?.remove(topics, entry);
  }

  /** The names of a directory that a client is subscribed to, the oldest first. */
  subscriptions(client: Client, topics: Topics): Iterable<TopicEntry> {
    return client.facetIfAny(this.#subscribers)?.entries(topics) ?? [];
  }

  /** How many there are, as confirmations count them: channels and patterns together. */
  count(client: Client, topics: Topics): number {
    const subscriber = client.facetIfAny(this.#subscribers);
    if (subscriber === undefined) return 0;
    const { channels, patterns, shardChannels } = this;
    if (topics === shardChannels) return subscriber.count(shardChannels);
    return subscriber.count(channels) + subscriber.count(patterns);
  }

  /**
   * Sends a message to those who listen to the channel: those of the channel itself first.
   *
   * @returns how many they are; who gets it more than once counts as often. O(patterns + those)
   */
  publish(channel: HashedBytes, message: Readonly<ByteView>): number {
    let receivers = 0;
    const entry = this.channels.get(channel);
    if (entry !== undefined) receivers += this.#send(entry, MESSAGE, undefined, channel, message);
    const { globs } = this.patterns;
    if (globs.size === 0) return receivers;
    const { bytes, start, length } = channel;
    for (const [pattern, glob] of globs) {
      if (!glob.matches(bytes, start, length)) continue;
      receivers += this.#send(pattern, PATTERN_MESSAGE, pattern, channel, message);
    }
    return receivers;
  }

  /** As publish(), to those who listen to the shard channel. */
  publishToShard(channel: HashedBytes, message: Readonly<ByteView>): number {
    const entry = this.shardChannels.get(channel);
    if (entry === undefined) return 0;
    return this.#send(entry, SHARD_MESSAGE, undefined, channel, message);
  }

  #send(
    { value: { subscribers } }: TopicEntry,
    kind: Uint8Array,
    pattern: ByteView | undefined,
    channel: ByteView,
    message: Readonly<ByteView>,
  ): number {
    const { size } = subscribers;
    const published = this.#published;
    published.set(kind, pattern, channel, message);
    try {
      for (const client of subscribers) client.push(published);
    } finally {
      published.clear();
    }
    return size;
  }

  /** As publish(), of the server's own messages. */
  publishText(channel: ByteString, message: Readonly<ByteView>): number {
    if (!this.hasSubscribers) return 0;
    const bytes = bytesOfByteString(channel);
    const { length } = bytes;
    return this.publish(
      { bytes, start: 0, length, hash: this.#hasher.hash(bytes, 0, length) },
      message,
    );
  }
}
