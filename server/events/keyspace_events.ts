/**
 * Keyspace events: what happens to keys, published to whoever subscribes.
 *
 * ```
 * happened(db 0, key, lpush) ──▶ is its class asked for?
 *        ├── K ──▶ channel __keyspace@0__:key      message lpush
 *        └── E ──▶ channel __keyevent@0__:lpush    message key
 * ```
 *
 * Channels and messages are bytes, as keys are. While none are asked for nobody listens to changes, and
 * while nobody has subscribed to anything no channel is made up.
 */

import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import type { KeyHasher } from "../../structures/hash_table/hash.ts";
import type { HashedBytes } from "../../structures/key_map.ts";
import { writeInteger } from "../../structures/numbers/decimal.ts";
import type { ChangeListener, Changes } from "../keyspace/changes.ts";
import type { Key } from "../keyspace/key.ts";
import type { KeyEvent } from "../keyspace/key_event.ts";
import { BY_EVENT, BY_KEY } from "./event_mask.ts";

/** Whoever sends messages to subscribers. */
export interface Publisher {
  /** Whether anybody could get one. */
  readonly hasSubscribers: boolean;
  /** Sends a message; the bytes are read before it returns. */
  publish(channel: HashedBytes, message: Readonly<ByteView>): unknown;
}

const encoder = new TextEncoder();
const KEY_CHANNEL = encoder.encode("__keyspace@");
const EVENT_CHANNEL = encoder.encode("__keyevent@");
const BEHIND_DATABASE = encoder.encode("__:");

/** What a channel takes beside the key or event: a database's number has at most 10 digits. */
const AFFIX_BYTES = 32;
/** Room for a channel's name that is kept; one for a longer name is given up after use. */
const KEPT_BYTES = 4096;

export class KeyspaceEvents implements ChangeListener {
  readonly #changes: Changes;
  readonly #hasher: KeyHasher;
  readonly #publisher: Publisher;
  /** What is sent: see event_mask.ts. */
  #mask = 0;
  #unsubscribe: (() => void) | undefined;
  readonly #kept = new Uint8Array(KEPT_BYTES);
  readonly #channel = { bytes: this.#kept, start: 0, length: 0, hash: 0 };

  constructor(changes: Changes, hasher: KeyHasher, publisher: Publisher) {
    this.#changes = changes;
    this.#hasher = hasher;
    this.#publisher = publisher;
  }

  /** Chooses which events are sent from now on. @param mask as event_mask.ts has it */
  choose(mask: number): void {
    const isHeard = (mask & (BY_KEY | BY_EVENT)) !== 0 && (mask & ~(BY_KEY | BY_EVENT)) !== 0;
    this.#mask = mask;
    if (isHeard) this.#unsubscribe ??= this.#changes.subscribe(this);
    else {
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
    }
  }

  /** Sends an event, if it is chosen. O(key + its receivers). */
  happened(database: number, key: Key, event: KeyEvent): void {
    const mask = this.#mask;
    if ((mask & event.classBit) === 0 || !this.#publisher.hasSubscribers) return;
    if ((mask & BY_KEY) !== 0) this.#publish(KEY_CHANNEL, database, key, event);
    if ((mask & BY_EVENT) !== 0) this.#publish(EVENT_CHANNEL, database, event, key);
  }

  #publish(prefix: Uint8Array, database: number, name: ByteView, message: ByteView): void {
    const channel = this.#channel;
    const needed = name.length + AFFIX_BYTES;
    const bytes = needed <= KEPT_BYTES ? this.#kept : new Uint8Array(needed);
    channel.bytes = bytes;
    bytes.set(prefix);
    const at = writeInteger(bytes, prefix.length, database);
    bytes.set(BEHIND_DATABASE, at);
    const nameAt = at + BEHIND_DATABASE.length;
    copyBytes(bytes, nameAt, name.bytes, name.start, name.length);
    channel.length = nameAt + name.length;
    channel.hash = this.#hasher.hash(bytes, 0, channel.length);
    try {
      this.#publisher.publish(channel, message);
    } finally {
      channel.bytes = this.#kept;
    }
  }
}
