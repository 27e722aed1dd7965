/**
 * The hashes of a call's keys. That of the first is known before the call runs: the look-ahead
 * hashed and loaded it together with those of the pipeline's other calls. A call with many keys is a
 * pipeline by itself: when its command asks for the second key, a window of keys is hashed and
 * loaded, and so on at the end of each window.
 *
 * ```
 * MGET  key  key  key  key  …  key  key  key  key  …
 *       └ first     └──── window ────┘    └── …
 * ```
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { Database } from "../keyspace/database.ts";
import type { CallableCommand } from "./callable_command.ts";
import type { KeyHasher } from "../../structures/hash_table/hash.ts";

/** Keys that are hashed and loaded at a time. */
const WINDOW_KEYS = 64;
/** Fewer keys than these are not worth a window. */
const MIN_WINDOW_KEYS = 3;

/** Before every argument: the end of no window. */
const NO_WINDOW = -1;

export class KeyHashes {
  readonly #hasher: KeyHasher;
  /** Index of the argument whose hash is known already, and that hash. */
  #hashedIndex = 0;
  #hash = 0;
  /** From one key of the command to the next, and where its last is; see CallableCommand. */
  #keyStep = 1;
  #lastKey = 0;
  /** The hashes of the window's keys, the first of which is argument #windowFrom. */
  readonly #windowHashes = new Int32Array(WINDOW_KEYS);
  /** Scratch of the look-ahead. */
  readonly #windowEntries = new Int32Array(WINDOW_KEYS);
  #windowFrom = 0;
  /** The argument behind the window's last key, at which the next one opens; or NO_WINDOW. */
  #windowEnd = NO_WINDOW;
  /** What the look-ahead read; by nobody, kept so that the loads are not optimized away. */
  #touched = 0;

  constructor(hasher: KeyHasher) {
    this.#hasher = hasher;
  }

  /** Begins a call of a command whose first key has that hash. */
  begin(command: CallableCommand, hash: number): void {
    this.#hashedIndex = command.firstKey;
    this.#hash = hash;
    if (command.hasManyKeys) {
      this.#keyStep = command.keyStep;
      this.#lastKey = command.lastKey;
      this.#windowEnd = command.firstKey + command.keyStep;
      this.#windowFrom = this.#windowEnd;
    } else this.#windowEnd = NO_WINDOW;
  }

  /** Begins a call of which nothing is known. */
  beginUnknown(): void {
    this.#hashedIndex = 0;
    this.#windowEnd = NO_WINDOW;
  }

  /** The hash of the first key of a call that is put off, 0 where the command has none. */
  first(command: CallableCommand, args: Arguments): number {
    const { firstKey } = command;
    if (firstKey === 0 || firstKey >= args.count) return 0;
    return firstKey === this.#hashedIndex ? this.#hash : this.#hashArgument(args, firstKey);
  }

  /** The hash of argument `i`, looked for in `db`. */
  of(args: Arguments, i: number, db: Database): number {
    if (i === this.#hashedIndex) return this.#hash;
    if (i <= this.#windowEnd) return this.#hashInWindow(args, i, db);
    return this.#hashArgument(args, i);
  }

  #hashInWindow(args: Arguments, i: number, db: Database): number {
    if (i === this.#windowEnd) this.#openWindow(args, i, db);
    const slot = (i - this.#windowFrom) / this.#keyStep;
    // A command may ask for any argument, in any order.
    const isInside = i < this.#windowEnd && slot >= 0 && slot === Math.trunc(slot);
    return isInside ? this.#windowHashes[slot] : this.#hashArgument(args, i);
  }

  #hashArgument(args: Arguments, i: number): number {
    return this.#hasher.hash(args.bytes, args.start(i), args.length(i));
  }

  /** Hashes and loads keys from argument `i` on; ends it where there are too few for that to pay. */
  #openWindow(args: Arguments, i: number, db: Database): void {
    const step = this.#keyStep;
    const last = this.#lastKey < 0 ? args.count + this.#lastKey : this.#lastKey;
    const keys = Math.min(Math.trunc((last - i) / step) + 1, WINDOW_KEYS);
    if (keys < MIN_WINDOW_KEYS || !db.gainsByPrefetch) {
      this.#windowEnd = NO_WINDOW;
      return;
    }
    for (let slot = 0; slot < keys; slot++) {
      this.#windowHashes[slot] = this.#hashArgument(args, i + slot * step);
    }
    this.#windowFrom = i;
    this.#windowEnd = i + keys * step;
    this.#touched ^= db.prefetch(this.#windowHashes, this.#windowEntries, keys);
  }
}
