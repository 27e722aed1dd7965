/**
 * Events: the names under which clients are told what happens to keys (`notify-keyspace-events`).
 *
 * ```
 * const LPUSH = event("list", "lpush");          once, where the command is
 *   keyspace.lists.change(call, 1, edit, LPUSH)  where it changes the key
 *       └─▶ changes.ts ─▶ who listens            new, if the key is; lpush; del, if nothing is left
 * ```
 *
 * An event is told when what it names is done. Those that belong to keys themselves, whatever they
 * hold, are below, and are told by the database.
 */

import type { ByteView } from "../../structures/bytes/byte_view.ts";

/** The kinds of events among which clients choose: a bit each. */
export const EVENT_CLASSES = {
  /** Of keys, whatever they hold. */
  generic: 1 << 0,
  string: 1 << 1,
  list: 1 << 2,
  set: 1 << 3,
  hash: 1 << 4,
  sortedSet: 1 << 5,
  /** Keys whose time is over. */
  expired: 1 << 6,
  /** Keys that had to make room. */
  evicted: 1 << 7,
  stream: 1 << 8,
  /** What plugins tell. */
  module: 1 << 9,
  /** Keys that were not there before. */
  new: 1 << 10,
  /** Keys that were read and not there. */
  miss: 1 << 11,
} as const;
export type EventClass = keyof typeof EVENT_CLASSES;

/** Something that happens to keys. Its name is a view of bytes, as it is sent. */
export class KeyEvent implements ByteView {
  readonly bytes: Uint8Array;
  readonly start = 0;
  readonly length: number;

  /** @param classBit of {@linkcode EVENT_CLASSES} */
  constructor(readonly name: string, readonly classBit: number) {
    this.bytes = new TextEncoder().encode(name);
    this.length = this.bytes.length;
  }
}

/**
 * An event, to be made once and kept.
 *
 * @param name as clients get it: `lpush`
 */
export function event(eventClass: EventClass, name: string): KeyEvent {
  return new KeyEvent(name, EVENT_CLASSES[eventClass]);
}

export const DEL: KeyEvent = event("generic", "del");
export const EXPIRE: KeyEvent = event("generic", "expire");
export const PERSIST: KeyEvent = event("generic", "persist");
export const MOVE_FROM: KeyEvent = event("generic", "move_from");
export const MOVE_TO: KeyEvent = event("generic", "move_to");
export const RENAME_FROM: KeyEvent = event("generic", "rename_from");
export const RENAME_TO: KeyEvent = event("generic", "rename_to");
export const EXPIRED: KeyEvent = event("expired", "expired");
export const EVICTED: KeyEvent = event("evicted", "evicted");
export const HASH_EXPIRED: KeyEvent = event("hash", "hexpired");
export const NEW: KeyEvent = event("new", "new");
export const KEY_MISS: KeyEvent = event("miss", "keymiss");
