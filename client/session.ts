/**
 * A conversation with a server that outlives its connections: after a reconnect the password, the
 * protocol version and the database are what they were. It follows what the commands that pass
 * through it do to the connection, which is what a prompt shows:
 *
 * ```
 * SELECT n              the database
 * MULTI … EXEC, DISCARD whether a transaction is open; a SELECT in one that failed is undone
 * HELLO, AUTH           protocol version and credentials
 * RESET                 all of it
 * ```
 */

import { ReplyError, type ReplyValue } from "../protocol/reply_value.ts";
import { Connection } from "./connection.ts";
import type { ClientOptions } from "./options.ts";
import { shownEndpoint } from "./endpoint.ts";
import { kindOf } from "./platform/failures.ts";
import { failures } from "./platform/platform.ts";
import { textOf } from "./words.ts";

/** There is no connection. The message is one line for the user. */
export class ConnectError extends Error {
  override name = "ConnectError";
}

/** There is a connection, but not as asked for: a wrong password, no such database. */
export class SetupError extends Error {
  override name = "SetupError";
}

export interface SessionEvents {
  /** A reply that answers no request. */
  onMessage(message: ReplyValue): void;
  /** The connection ended, and disconnect() had not been called. */
  onLost?(): void;
}

const NO_CREDENTIALS: readonly string[] = [];

export class Session {
  readonly #options: ClientOptions;
  readonly #events: SessionEvents;
  #connection: Connection | undefined;
  /** Ends the attempt to connect that is under way. */
  #abandon: ((reason: Error) => void) | undefined;
  #db: number;
  #dbBeforeTransaction = 0;
  #inTransaction = false;
  #resp3: boolean;
  /** What follows AUTH. */
  #credentials: readonly (string | Uint8Array)[];

  constructor(options: ClientOptions, events: SessionEvents) {
    this.#options = options;
    this.#events = events;
    this.#db = options.db;
    this.#resp3 = options.resp3;
    this.#credentials = credentialsOf(options);
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  /** A MULTI waits for its EXEC. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** `host:port`, or a path. */
  get address(): string {
    return shownEndpoint(this.#options.endpoint);
  }

  /** What stands in front of the next command. */
  get prompt(): string {
    if (!this.connected) return "not connected> ";
    const db = this.#db === 0 ? "" : `[${this.#db}]`;
    return `${this.address}${db}${this.#inTransaction ? "(TX)" : ""}> `;
  }

  /**
   * Connects and brings the connection to where the last one was. Throws ConnectError, or SetupError
   * when there is a connection that is not in that state.
   */
  async connect(): Promise<void> {
    this.disconnect();
    let connection: Connection;
    try {
      connection = await this.#open();
    } catch (error) {
      throw new ConnectError(`could not connect to ${this.address}: ${reasonOf(error)}`);
    }
    this.#connection = connection;
    connection.closed.then(() => this.#ended(connection));
    await this.#setUp(connection);
  }

  /** Sends a command and awaits the reply. Throws ConnectError and ConnectionLostError. */
  async ask(words: readonly Uint8Array[]): Promise<ReplyValue> {
    const connection = this.#connection;
    if (connection === undefined) throw new ConnectError(`not connected to ${this.address}`);
    const reply = await connection.ask(words);
    if (connection === this.#connection) this.#follow(words, reply);
    return reply;
  }

  /** Whether a command that got this reply subscribed to messages that come from now on. */
  subscribed(words: readonly Uint8Array[], reply: ReplyValue): boolean {
    if (reply instanceof ReplyError || this.#inTransaction || words.length === 0) return false;
    return /^(monitor|[ps]?subscribe)$/i.test(textOf(words[0]));
  }

  /** Settles when the connection that is open now has ended. */
  async ended(): Promise<void> {
    await this.#connection?.closed;
  }

  /** Ends the connection, and with it a command that still waits; or the attempt to connect. */
  disconnect(): void {
    this.#abandon?.(new Error("interrupted"));
    const connection = this.#connection;
    this.#forget();
    connection?.close();
  }

  /** A new connection, unless disconnect() comes first. */
  async #open(): Promise<Connection> {
    const { endpoint, native } = this.#options;
    const onMessage = (message: ReplyValue) => this.#events.onMessage(message);
    const opening = Connection.open({ endpoint, native, onMessage });
    const abandoned = new Promise<never>((_, reject) => this.#abandon = reject);
    try {
      return await Promise.race([opening, abandoned]);
    } catch (error) {
      opening.then((late) => late.close(), () => {});
      throw error;
    } finally {
      this.#abandon = undefined;
    }
  }

  async #setUp(connection: Connection): Promise<void> {
    const db = this.#db;
    this.#db = 0;
    if (this.#credentials.length > 0) {
      await this.#require(connection, ["AUTH", ...this.#credentials]);
    }
    if (this.#resp3) await this.#require(connection, ["HELLO", "3"]);
    if (db !== 0) await this.#require(connection, ["SELECT", String(db)]);
    this.#db = db;
  }

  async #require(connection: Connection, request: (string | Uint8Array)[]): Promise<void> {
    const [name, argument] = request;
    let reply: ReplyValue;
    try {
      reply = await connection.ask(request);
    } catch (error) {
      throw new ConnectError(`could not connect to ${this.address}: ${reasonOf(error)}`);
    }
    if (!(reply instanceof ReplyError)) return;
    const shown = name === "AUTH" ? name : `${name} ${argument}`;
    throw new SetupError(`${shown} failed: ${reply.message}`);
  }

  #ended(connection: Connection): void {
    if (connection !== this.#connection) return;
    this.#forget();
    this.#events.onLost?.();
  }

  #forget(): void {
    this.#connection = undefined;
    if (this.#inTransaction) this.#db = this.#dbBeforeTransaction;
    this.#inTransaction = false;
  }

  #follow(words: readonly Uint8Array[], reply: ReplyValue): void {
    const failed = reply instanceof ReplyError;
    const name = words.length === 0 ? "" : textOf(words[0]).toLowerCase();
    // A transaction ends with these two whatever the reply, unless none was open.
    if ((name === "exec" || name === "discard") && this.#inTransaction) {
      this.#inTransaction = false;
      if (failed || reply === null || name === "discard") this.#db = this.#dbBeforeTransaction;
    }
    if (failed) return;
    if (name === "multi") {
      this.#inTransaction = true;
      this.#dbBeforeTransaction = this.#db;
    } else if (name === "select" && words.length === 2) {
      this.#db = Number(textOf(words[1]));
    } else if (name === "auth") {
      this.#credentials = words.slice(1);
    } else if (name === "hello") {
      this.#followHello(words);
    } else if (name === "reset") {
      this.#inTransaction = false;
      this.#db = 0;
      this.#resp3 = false;
      this.#credentials = NO_CREDENTIALS;
    }
  }

  #followHello(words: readonly Uint8Array[]): void {
    if (words.length < 2) return;
    this.#resp3 = textOf(words[1]) === "3";
    for (let i = 2; i + 2 < words.length; i++) {
      if (textOf(words[i]).toLowerCase() === "auth") this.#credentials = words.slice(i + 1, i + 3);
    }
  }
}

function credentialsOf({ user, password }: ClientOptions): readonly string[] {
  if (password === undefined) return NO_CREDENTIALS;
  return user === undefined ? [password] : [user, password];
}

/** Why there is no connection, in one line. */
function reasonOf(error: unknown): string {
  switch (kindOf(error)) {
    case "refused":
      return "connection refused";
    case "reset":
      return "connection reset";
    case "timedOut":
      return "no answer";
    default:
      return failures.messageOf(error);
  }
}
