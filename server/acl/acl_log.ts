/**
 * What was denied lately, the latest first. The same denial within a minute is counted, not told
 * again; it is looked for among the latest entries.
 */

import {
  bytesOfByteString,
  type ByteString,
  byteStringOf,
} from "../../structures/bytes/byte_string.ts";

/** Entries that are looked through for one of the same denial. */
const COMPARED_ENTRIES = 10;
const SAME_WITHIN_MS = 60_000;
/** Entries that are kept however many are asked for. */
const MAX_ENTRIES = 100_000;
/** Bytes that are kept of a text: a key may be half a gigabyte. */
export const MAX_LOGGED_BYTES = 4096;

/** What was denied: a command, a key, a channel, or to come in. */
export type DenialReason = "command" | "key" | "channel" | "auth";

/** Where it was asked for. */
export type DenialContext = "toplevel" | "multi" | "lua";

/** One denial, as it is told of. */
export interface DenialEvent {
  readonly reason: DenialReason;
  readonly context: DenialContext;
  /** The command, key or channel, of which {@linkcode MAX_LOGGED_BYTES} are kept. */
  readonly object: ByteString;
  readonly userName: ByteString;
  /** The client's line of CLIENT LIST. */
  readonly clientInfo: ByteString;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

export interface AclLogEntry {
  readonly id: number;
  readonly reason: DenialReason;
  readonly context: DenialContext;
  readonly object: ByteString;
  readonly userName: ByteString;
  clientInfo: ByteString;
  count: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export class AclLog {
  #entries: AclLogEntry[] = [];
  #nextId = 0;

  /** @param maxEntries how many are kept */
  note(event: DenialEvent, maxEntries: number): void {
    const { atMs, context, reason } = event;
    const object = beginningOf(event.object);
    const userName = beginningOf(event.userName);
    const clientInfo = beginningOf(event.clientInfo);
    const entries = this.#entries;
    const same = entries.slice(0, COMPARED_ENTRIES).findIndex((entry) =>
      entry.reason === reason && entry.context === context && entry.object === object &&
      entry.userName === userName && Math.abs(entry.updatedAtMs - atMs) <= SAME_WITHIN_MS
    );
    if (same !== -1) {
      const [entry] = entries.splice(same, 1);
      entry.clientInfo = clientInfo;
      entry.updatedAtMs = atMs;
      entry.count++;
      entries.unshift(entry);
      return;
    }
    entries.unshift({
      id: this.#nextId++,
      reason,
      context,
      object,
      userName,
      clientInfo,
      count: 1,
      createdAtMs: atMs,
      updatedAtMs: atMs,
    });
    const kept = Math.min(maxEntries, MAX_ENTRIES);
    if (entries.length > kept) entries.length = kept;
  }

  /** The latest entries, `count` at most, the latest first. */
  latest(count: number): readonly AclLogEntry[] {
    return this.#entries.slice(0, count);
  }

  reset(): void {
    this.#entries = [];
  }
}

/** What is kept of a text. A part of a string would keep all of it, so this is a copy. */
function beginningOf(text: ByteString): ByteString {
  if (text.length <= MAX_LOGGED_BYTES) return text;
  return byteStringOf(bytesOfByteString(text.slice(0, MAX_LOGGED_BYTES)), 0, MAX_LOGGED_BYTES);
}
