/**
 * What the server knows of one client, and the list of all of them. Commands read and change it;
 * the socket behind it belongs to the connection (connection.ts).
 */

import type { DecoderLimits } from "../../protocol/request_limits.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Database } from "../keyspace/database.ts";

/** Whether replies are sent: CLIENT REPLY. */
export const ReplyMode = { On: 0, Off: 1, SkipNext: 2, SkipThis: 3 } as const;

/** What a client may ask of its connection. */
export interface Transport {
  /** `host:port` of the peer, put together at each call. */
  readonly remoteAddress: string;
  /** `host:port` of our end. */
  readonly localAddress: string;
  /** Ends the connection now, whatever is still unsent. */
  close(): void;
  /** Bytes of requests that are not complete or not carried out yet. */
  readonly inputBytes: number;
  /** Size of the input buffer. */
  readonly inputCapacity: number;
  /** Bytes of replies that are not sent yet. */
  readonly outputBytes: number;
  /** Size of the output buffer, 0 while none is borrowed. */
  readonly outputCapacity: number;
  /** Ends the connection as soon as the replies under way are sent. */
  finish(): void;
}

export class Client {
  /** Name given by CLIENT SETNAME or HELLO; "" for none. */
  name = "";
  libraryName = "";
  libraryVersion = "";
  /** Whether the client gave the password, or came when there was none; see mayCall. */
  authenticated: boolean;
  replyMode: number = ReplyMode.On;
  /** The connection is to end once the replies so far are sent. */
  closeAfterReply = false;
  noEvict = false;
  noTouch = false;
  /** Full name of the last command, such as `config|get`; "" before the first. */
  lastCommand = "";
  /** Time of the last request, in milliseconds since 1970. */
  lastUsedMs: number;
  /** Since when the output is over its soft limit, in milliseconds since 1970; 0: it is not. */
  overSoftLimitSinceMs = 0;

  constructor(
    readonly id: number,
    readonly transport: Transport,
    public db: Database,
    /** Writes in the client's protocol; shared by all clients of that protocol. */
    public reply: Reply,
    readonly limits: DecoderLimits & { authenticated: boolean },
    readonly createdAtMs: number,
  ) {
    this.authenticated = limits.authenticated;
    this.lastUsedMs = createdAtMs;
  }

  /** `host:port` of the peer. */
  get address(): string {
    return this.transport.remoteAddress;
  }

  /** `host:port` of our end. */
  get localAddress(): string {
    return this.transport.localAddress;
  }

  /** Memory that the client's buffers and names take, in bytes. */
  get memoryBytes(): number {
    const { inputCapacity, outputCapacity } = this.transport;
    return inputCapacity + outputCapacity + this.name.length + this.libraryName.length +
      this.libraryVersion.length;
  }

  /** Changes the protocol of replies, from the one under way on. */
  switchReply(reply: Reply): void {
    reply.out = this.reply.out;
    this.reply = reply;
    reply.begin();
  }

  /** Whether every command is open to the client: it is authenticated, or does not have to be. */
  get mayCall(): boolean {
    return this.limits.authenticated;
  }

  /** Lets the client in (or out): requests, and the sizes that they may have. */
  setAuthenticated(authenticated: boolean): void {
    this.authenticated = authenticated;
    this.limits.authenticated = authenticated;
  }

  /** Follows a change of requirepass: who is in stays in, and without a password everyone is. */
  followPassword(isRequired: boolean): void {
    this.limits.authenticated = this.authenticated || !isRequired;
  }
}

/** The connected clients, in the order in which they came. */
export class ClientList implements Iterable<Client> {
  readonly #clients = new Map<number, Client>();
  #lastId = 0;

  get size(): number {
    return this.#clients.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  add(client: Client): void {
    this.#clients.set(client.id, client);
  }

  remove(client: Client): void {
    this.#clients.delete(client.id);
  }

  get(id: number): Client | undefined {
    return this.#clients.get(id);
  }

  [Symbol.iterator](): Iterator<Client> {
    return this.#clients.values();
  }
}
