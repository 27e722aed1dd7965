/**
 * The slow log: the latest commands that took longer than a limit, each with when, how long, for
 * whom, and as much of its arguments as tells which it was.
 *
 * ```
 * entries   5  6  7  8      numbered in the order of coming; the first go where there are too many
 *           ▲        ▲
 *           oldest   next - 1
 * ```
 *
 * Which calls are timed, and how, is told in execution/call_times.ts.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { Config } from "../config/config.ts";
import type { Client } from "../execution/client.ts";
import type { ExecutableCommand } from "../execution/command_table.ts";
import { hiddenArguments, shownArgument } from "../execution/shown_arguments.ts";

/** Arguments that an entry keeps; the last of them may tell how many more there were. */
const MAX_ARGUMENTS = 32;
/** Bytes that it keeps of each. */
const MAX_ARGUMENT_BYTES = 128;

const SETTINGS = ["slowlog-log-slower-than", "slowlog-max-len"] as const;

export interface SlowLogEntry {
  readonly id: number;
  /** When it was noted, in seconds since 1970. */
  readonly atSeconds: number;
  readonly microseconds: number;
  readonly args: readonly ByteString[];
  readonly clientAddress: string;
  readonly clientName: ByteString;
}

export class SlowLog {
  /** Calls that take so long, in milliseconds, are noted; Infinity: none. */
  limitMs = Infinity;
  #maxEntries = 0;
  readonly #entries = new Map<number, SlowLogEntry>();
  #nextId = 0;
  readonly #now: () => number;
  readonly #forget: () => void;

  /** @param now milliseconds since 1970 */
  constructor(config: Config, now: () => number) {
    this.#now = now;
    const adopt = () => {
      const { slowLogSlowerThanMicroseconds: limit } = config;
      this.limitMs = limit < 0 ? Infinity : limit / 1000;
      this.#maxEntries = config.slowLogMaxEntries;
      this.#trim();
    };
    adopt();
    this.#forget = config.onChange(SETTINGS, adopt);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Notes a call, if it took long enough and is one to be noted. O(bytes kept). */
  note(client: Client, command: ExecutableCommand, args: Arguments, elapsedMs: number): void {
    if (elapsedMs < this.limitMs || command.skipsSlowLog) return;
    const id = this.#nextId++;
    this.#entries.set(id, {
      id,
      atSeconds: Math.floor(this.#now() / 1000),
      microseconds: Math.floor(elapsedMs * 1000),
      args: keptArguments(command, args),
      clientAddress: client.address,
      clientName: client.name,
    });
    this.#trim();
  }

  #trim(): void {
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries) return;
      this.#entries.delete(id);
    }
  }

  /** The latest entries, at most `count`, the last first. */
  *latest(count: number): Iterable<SlowLogEntry> {
    const last = this.#nextId - 1;
    const shown = Math.min(count, this.size);
    for (let id = last; id > last - shown; id--) yield this.#entries.get(id)!;
  }

  /** Forgets all entries; their numbers are not given again. */
  reset(): void {
    this.#entries.clear();
  }

  close(): void {
    this.#forget();
  }
}

function keptArguments(command: ExecutableCommand, args: Arguments): ByteString[] {
  const { count } = args;
  const hidden = hiddenArguments(command, args);
  const shown = count > MAX_ARGUMENTS ? MAX_ARGUMENTS - 1 : count;
  const kept = Array.from({ length: shown }, (_, i) => {
    const cut = args.length(i) - MAX_ARGUMENT_BYTES;
    const text = shownArgument(args, i, hidden, MAX_ARGUMENT_BYTES);
    return cut > 0 && !hidden?.has(i) ? `${text}... (${cut} more bytes)` : text;
  });
  if (shown < count) kept.push(`... (${count - shown} more arguments)`);
  return kept;
}
