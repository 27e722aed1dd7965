/**
 * One call of a command: its arguments, the client it is for, and where its reply goes. One object
 * serves all calls of a server in turn, so that a request allocates nothing.
 */

import { Arguments } from "../protocol/arguments.ts";
import { DB_INDEX_OUT_OF_RANGE, ErrorReply, NOT_AN_INTEGER } from "../protocol/error_reply.ts";
import type { Reply } from "../protocol/reply.ts";
import type { Client } from "./client.ts";
import type { ServerContext } from "./context.ts";
import type { Database } from "./keyspace/database.ts";
import { Key } from "./keyspace/key.ts";
import type { Keyspace } from "./keyspace/keyspace.ts";

/** What a call needs to know of its command. */
export interface NamedCommand {
  /** `config|get` for a subcommand. */
  readonly fullName: string;
}

export class Call {
  readonly args: Arguments = new Arguments();
  readonly keyspace: Keyspace;
  client!: Client;
  /** The command that runs. */
  command!: NamedCommand;
  readonly #key = new Key();
  /** Index of the argument whose hash is known already, and that hash. */
  #hashedIndex = 0;
  #hash = 0;

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

  /** Sets the hash of the first key, which the executor computed ahead. */
  setFirstKey(index: number, hash: number): void {
    this.#hashedIndex = index;
    this.#hash = hash;
  }

  /** Argument `i` as a key. The same object at every call: valid until the next. O(length). */
  key(i: number): Key {
    const { args } = this;
    const key = this.#key;
    key.bytes = args.bytes;
    key.start = args.start(i);
    key.length = args.length(i);
    key.hash = i === this.#hashedIndex
      ? this.#hash
      : this.keyspace.hasher.hash(key.bytes, key.start, key.length);
    return key;
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
export function wrongArity(command: NamedCommand): ErrorReply {
  return new ErrorReply(`ERR wrong number of arguments for '${command.fullName}' command`);
}
