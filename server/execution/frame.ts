/**
 * One call of a command as a frame: its arguments, the client it is for, the database it works on,
 * and where its reply goes. Nothing in it needs a connection.
 *
 * A call is a frame that is filled anew for each request, so that a request allocates nothing. A
 * command that runs others, such as a transaction or a script, has them run in a frame of the next
 * depth ({@linkcode Frames}).
 */

import { assert } from "../../structures/assert.ts";
import { Arguments } from "../../protocol/arguments.ts";
import { DB_INDEX_OUT_OF_RANGE, ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Database } from "../keyspace/database.ts";
import { Key } from "../keyspace/key.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import { NOT_AN_INTEGER } from "../keyspace/refusals.ts";
import type { CallableCommand } from "./callable_command.ts";
import type { Client } from "./client.ts";
import { KeyHashes } from "./key_hashes.ts";
import { PropagateTo } from "./propagation.ts";
import { type PiecewiseReply, writeWhole } from "./piecewise_reply.ts";

const NO_BYTES = new Uint8Array(0);

/** What a frame needs of its server; commands may use more of it, see call.ts. */
export interface FrameHost {
  readonly keyspace: Keyspace;
}

export class Frame<Server extends FrameHost = FrameHost> {
  readonly args: Arguments = new Arguments();
  readonly keyspace: Keyspace;
  /** Who asks. */
  client!: Client;
  /** The database that the client has selected. */
  db!: Database;
  /** Takes the reply. */
  reply!: Reply;
  /** The command that runs. */
  command!: CallableCommand;
  readonly hashes: KeyHashes;
  /** Bits of {@linkcode PropagateTo}: who is told of what it does. */
  propagatesTo: number = PropagateTo.All;
  /** Whether it is one of the requests that the executor looked ahead over. */
  readonly isOfBatch: boolean;
  readonly #key = new Key();

  /**
   * @param server what commands may use of the server that runs them
   * @param depth 0 for a client's own request, 1 for what that runs, and so on
   * @param isRetry whether the client's request has waited, and is tried again
   */
  constructor(
    readonly server: Server,
    readonly depth: number,
    readonly isRetry: boolean = false,
  ) {
    this.isOfBatch = depth === 0 && !isRetry;
    this.keyspace = server.keyspace;
    this.hashes = new KeyHashes(server.keyspace.hasher);
  }

  /** Makes the call one of a client's: its database, its protocol. */
  setClient(client: Client): void {
    this.client = client;
    this.db = client.db;
    this.reply = client.reply;
  }

  /** Number of arguments, the command's name included. */
  get count(): number {
    return this.args.count;
  }

  /** Argument `i` as a key. The same object at every call: valid until the next. O(length). */
  key(i: number): Key {
    const { args } = this;
    const key = this.#key;
    key.bytes = args.bytes;
    key.start = args.start(i);
    key.length = args.length(i);
    key.hash = this.hashes.of(args, i, this.db);
    return key;
  }

  /**
   * Argument `i` as an integer, rounded to ±(2^53 - 1) where it has more digits.
   *
   * @throws {ErrorReply} where it is no signed 64-bit integer
   */
  integer(i: number): number {
    const value = this.int64(i);
    if (typeof value === "number") return value;
    return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  }

  /**
   * Argument `i` as a signed 64-bit integer, a number where that is exact.
   *
   * @throws {ErrorReply} where it is none
   */
  int64(i: number): number | bigint {
    const value = this.args.safeInteger(i);
    if (!Number.isNaN(value)) return value;
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

  /** Makes the client work on another database, from this call on. */
  select(db: Database): void {
    this.client.db = db;
    this.db = db;
  }

  /** Whether the command may let its client wait: it is the client's own request. */
  get mayBlock(): boolean {
    return this.depth === 0;
  }

  /** Whether a reply is sent in pieces that is handed over to be. */
  get mayReplyInPieces(): boolean {
    // A native reply begins with its length, and a reply within another is not sent by itself.
    return this.depth === 0 && this.reply.protocol !== "native";
  }

  /**
   * Hands over the rest of a reply whose header is written, to be sent a piece at a time; where that
   * cannot be, it is written now. The last thing that a command does.
   */
  replyInPieces(pieces: PiecewiseReply): void {
    const { client } = this;
    if (!this.mayReplyInPieces) return writeWhole(pieces, this.reply);
    assert(client.pieces === undefined, "a command hands over one reply");
    client.pieces = pieces;
  }

  /** Takes the call from whoever has kept it: it has no arguments and no client any more. */
  disown(): void {
    const { args } = this;
    args.bytes = NO_BYTES;
    args.count = 0;
    this.client = undefined!;
    this.db = undefined!;
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

/** A script in a transaction calls a command: deeper than that nothing nests. */
const MAX_DEPTH = 8;

/** The frames of a server, one a depth. */
export class Frames<Server extends FrameHost> {
  /** The frame of clients' own requests. */
  first: Frame<Server>;
  /** The frame of those that have waited, which are tried again while another request is carried out. */
  retry: Frame<Server>;
  readonly #server: Server;
  /** Those of greater depths, made when they are first needed. */
  readonly #nested: Frame<Server>[] = [];

  constructor(server: Server) {
    this.#server = server;
    this.first = new Frame(server, 0);
    this.retry = new Frame(server, 0, true);
  }

  /** The frame of a depth from 1 on. O(1). @throws {AssertionError} beyond the deepest there is */
  nested(depth: number): Frame<Server> {
    assert(depth > 0 && depth < MAX_DEPTH, "calls are nested too deep");
    return this.#nested[depth] ??= new Frame(this.#server, depth);
  }

  /** Puts a new frame in the place of one that somebody may have kept. */
  replace({ depth, isRetry }: Frame): void {
    if (isRetry) this.retry = new Frame(this.#server, 0, true);
    else if (depth === 0) this.first = new Frame(this.#server, 0);
    else delete this.#nested[depth];
  }
}
