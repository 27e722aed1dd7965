/**
 * One call of a command: its arguments, the client it is for, and where its reply goes. One object
 * serves all calls of a server in turn, so that a request allocates nothing.
 *
 * The executor hashes the first key and loads what its lookup will wait for, together with those of
 * the pipeline's other calls. A call with many keys is a pipeline by itself: when a command asks for
 * its second key, a window of keys is hashed and loaded, and so on at the end of each window.
 *
 * ```
 * MGET  key  key  key  key  …  key  key  key  key  …
 *       └ executor  └──── window ────┘    └── …
 * ```
 */

import { Arguments } from "../../protocol/arguments.ts";
import { DB_INDEX_OUT_OF_RANGE, ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Client } from "../clients/client.ts";
import type { ServerContext } from "../context.ts";
import type { Database } from "../keyspace/database.ts";
import { Key } from "../keyspace/key.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import { NOT_AN_INTEGER } from "../keyspace/refusals.ts";

/** Keys that are hashed and loaded at a time. */
const WINDOW_KEYS = 64;
/** Fewer keys than these are not worth a window. */
const MIN_WINDOW_KEYS = 3;

/** Before every argument: the end of no window. */
const NO_WINDOW = -1;

/** What a call needs to know of its command. */
export interface CallableCommand {
  /** `config|get` for a subcommand. */
  readonly fullName: string;
  /** Index of the first key argument, 0 for none. */
  readonly firstKey: number;
  /** Whether a call may have more than two keys. */
  readonly hasManyKeys: boolean;
  /** Index of the last key argument, negative where it is counted from the end. */
  readonly lastKey: number;
  /** From one key argument to the next. */
  readonly keyStep: number;
}

export class Call {
  readonly args: Arguments = new Arguments();
  readonly keyspace: Keyspace;
  client!: Client;
  /** The command that runs. */
  command!: CallableCommand;
  readonly #key = new Key();
  /** Index of the argument whose hash is known already, and that hash. */
  #hashedIndex = 0;
  #hash = 0;
  /** The hashes of the window's keys, the first of which is argument #windowFrom. */
  readonly #windowHashes = new Int32Array(WINDOW_KEYS);
  /** Scratch of the look-ahead. */
  readonly #windowEntries = new Int32Array(WINDOW_KEYS);
  #windowFrom = 0;
  /** The argument behind the window's last key, at which the next one opens; or NO_WINDOW. */
  #windowEnd = 0;
  /** What the look-ahead read; by nobody, kept so that the loads are not optimized away. */
  #touched = 0;

  /** The caller sets client, command and arguments before each run. */
  constructor(readonly server: ServerContext) {
    this.keyspace = server.keyspace;
  }

  /** Number of arguments, the command's name included. */
  get count(): number {
    return this.args.count;
  }

  get reply(): Reply {
    return this.client.reply;
  }

  /** The client's selected database. */
  get db(): Database {
    return this.client.db;
  }

  /** Sets the hash of the command's first key, which the executor computed ahead. */
  setFirstKey(command: CallableCommand, hash: number): void {
    this.#hashedIndex = command.firstKey;
    this.#hash = hash;
    this.#windowEnd = command.hasManyKeys ? command.firstKey + command.keyStep : NO_WINDOW;
    this.#windowFrom = this.#windowEnd;
  }

  /** Argument `i` as a key. The same object at every call: valid until the next. O(length). */
  key(i: number): Key {
    const { args } = this;
    const key = this.#key;
    key.bytes = args.bytes;
    key.start = args.start(i);
    key.length = args.length(i);
    if (i === this.#hashedIndex) key.hash = this.#hash;
    else if (i <= this.#windowEnd) key.hash = this.#hashInWindow(i);
    else key.hash = this.keyspace.hasher.hash(key.bytes, key.start, key.length);
    return key;
  }

  #hashInWindow(i: number): number {
    if (i === this.#windowEnd) this.#openWindow(i);
    const slot = (i - this.#windowFrom) / this.command.keyStep;
    // A command may ask for any argument, in any order.
    const isInside = i < this.#windowEnd && slot >= 0 && slot === Math.trunc(slot);
    return isInside ? this.#windowHashes[slot] : this.#hashArgument(i);
  }

  #hashArgument(i: number): number {
    const { args } = this;
    return this.keyspace.hasher.hash(args.bytes, args.start(i), args.length(i));
  }

  /** Hashes and loads keys from argument `i` on; ends it where there are too few for that to pay. */
  #openWindow(i: number): void {
    const { lastKey, keyStep } = this.command;
    const last = lastKey < 0 ? this.args.count + lastKey : lastKey;
    const keys = Math.min(Math.trunc((last - i) / keyStep) + 1, WINDOW_KEYS);
    if (keys < MIN_WINDOW_KEYS || !this.db.gainsByPrefetch) {
      this.#windowEnd = NO_WINDOW;
      return;
    }
    for (let slot = 0; slot < keys; slot++) {
      this.#windowHashes[slot] = this.#hashArgument(i + slot * keyStep);
    }
    this.#windowFrom = i;
    this.#windowEnd = i + keys * keyStep;
    this.#touched ^= this.db.prefetch(this.#windowHashes, this.#windowEntries, keys);
  }

  /**
   * Argument `i` as an integer, rounded to ±(2^53 - 1) where it has more digits.
   *
   * @throws {ErrorReply} where it is no signed 64-bit integer
   */
  integer(i: number): number {
    const value = this.args.safeInteger(i);
    if (value === value) return value;
    const wide = this.args.int64(i);
    if (wide === undefined) throw NOT_AN_INTEGER;
    return wide < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  }

  /**
   * Argument `i` as a signed 64-bit integer, a number where that is exact.
   *
   * @throws {ErrorReply} where it is none
   */
  int64(i: number): number | bigint {
    const value = this.args.safeInteger(i);
    if (value === value) return value;
    const wide = this.args.int64(i);
    if (wide === undefined) throw NOT_AN_INTEGER;
    return wide;
  }

  /** The database that argument `i` numbers. @throws {ErrorReply} where there is none */
  database(i: number): Database {
    const index = this.integer(i);
    const database = this.keyspace.databases[index];
    if (database === undefined) throw DB_INDEX_OUT_OF_RANGE;
    return database;
  }

  /** What a command throws that was called with a number of arguments that makes no sense. */
  wrongArity(): ErrorReply {
    return wrongArity(this.command);
  }
}

/** The error of a call with too few or too many arguments. */
export function wrongArity(command: Pick<CallableCommand, "fullName">): ErrorReply {
  return new ErrorReply(`ERR wrong number of arguments for '${command.fullName}' command`);
}
