/**
 * A client as those who carry out its requests know it: who it is, what it has chosen, where its
 * replies go. There need not be a connection behind it; what a client asks of one is a
 * {@linkcode Transport}, and a test or a script does without.
 *
 * What only some clients have, such as a transaction or subscriptions, is a {@linkcode Facet}, made
 * when it is first needed, so that an idle client stays small and RESET need not know them.
 *
 * ```
 * replies of the client's own requests ──▶┐
 *                                         ├─▶ output ──▶ transport
 * messages of others (push) ──▶ behind ──▶┘
 *                               the reply under way
 * ```
 */

import { assert } from "../../structures/assert.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { OutputQueue } from "../../structures/bytes/output_queue.ts";
import type { Database } from "../keyspace/database.ts";
import type { ClientUser } from "./client_user.ts";
import { Condition } from "./condition.ts";
import { NOWHERE } from "./nowhere.ts";
import type { PiecewiseReply } from "./piecewise_reply.ts";
import type { PushMessage } from "./push.ts";
import type { StoredRequest } from "./stored_request.ts";

/** Whether replies are sent: CLIENT REPLY. */
export const ReplyMode = { On: 0, Off: 1, SkipNext: 2, SkipThis: 3 } as const;

/** Classes of clients, each with a limit on output of its own. */
export type ClientClass = "normal" | "replica" | "pubsub";

/** What a client may ask of its connection. */
export interface Transport {
  /** `host:port` of the peer, put together at each call. */
  readonly remoteAddress: string;
  /** `host:port` of our end. */
  readonly localAddress: string;
  /** Whether the peer is on this machine. */
  readonly isLocal: boolean;
  readonly isUnixSocket: boolean;
  /** Bytes of requests that are not looked at or not carried out yet. */
  readonly inputBytes: number;
  /** Bytes of arguments of a request that is not complete. */
  readonly argumentBytes: number;
  /** Size of the input buffers. */
  readonly inputCapacity: number;
  /** Bytes that the request that is arriving says it needs beyond that. */
  readonly announcedBytes: number;
  /** Bytes of replies that are not sent yet. */
  readonly outputBytes: number;
  /** Full chunks among them. */
  readonly outputChunks: number;
  /** Size of the output buffers, 0 while none is borrowed. */
  readonly outputCapacity: number;
  /** Where output goes; borrowed where there was none. */
  output(): OutputQueue;
  /** Others have added to the output: it is sent soon, and checked against its limit. */
  outputAdded(): void;
  /** Nothing holds the client any more: the requests that waited are carried out. */
  released(): void;
  /** Ends the connection now, whatever is still unsent. */
  close(): void;
  /** Ends the connection as soon as the replies under way are sent. */
  finish(): void;
}

/** What CLIENT LIST tells of facets. */
export interface ClientNotes {
  /** A letter for each state. */
  flags: string;
  /** Commands in the queue of its transaction, -1 where it has none; keys that it watches. */
  queued: number;
  watched: number;
  /** Channels, patterns and shard channels that it is subscribed to. */
  channels: number;
  patterns: number;
  shardChannels: number;
  /** Where its invalidations go: a client's number, 0 to itself, -1: it keeps no copies. */
  redirect: number;
  /** Memory of its transaction, in bytes. */
  transactionBytes: number;
}

/** What some clients have and others do not; see the top of the file. */
export interface Facet {
  /** Memory that it takes, in bytes. */
  readonly memoryBytes?: number;
  /** Adds to what CLIENT LIST tells. */
  note?(notes: ClientNotes): void;
  /** The client's EXEC was refused before it ran. */
  execRefused?(): void;
  /** RESET: as if it had never been made. */
  reset(): void;
  /** The client is gone. */
  ended(): void;
}

/** A request that has stopped in the middle; see suspension.ts for what is left of it. */
export interface SuspendedRequest {
  readonly request: StoredRequest;
}

/** A transaction that is being queued, as admission sees it. */
export interface OpenTransaction {
  /** Whether one of the commands in it may need memory; writes, or has other effects for replicas. */
  readonly deniesOom: boolean;
  readonly mayReplicate: boolean;
  /** A request of its client is refused; where that `isExec`, the transaction is over. */
  refused(isExec: boolean): void;
}

/** A kind of facet: what a subsystem finds its own by. */
export interface FacetKind<F extends Facet> {
  make(client: Client): F;
}

interface FacetLink {
  readonly kind: FacetKind<Facet>;
  readonly facet: Facet;
  next: FacetLink | undefined;
}

export class Client {
  /** Whose requests it carries out: its own, unless it is the client that scripts call as. */
  author: Client = this;
  /** Name given by CLIENT SETNAME or HELLO; "" for none. */
  name: ByteString = "";
  libraryName: ByteString = "";
  libraryVersion: ByteString = "";
  /** Bits of {@linkcode Condition}: what has to be looked at before one of its commands runs. */
  conditions = 0;
  /** Bits of {@linkcode After}: what its commands pass when they have run. */
  after = 0;
  /** Whether the client gave the password, or came when there was none; see mayCall. */
  authenticated: boolean;
  replyMode: number = ReplyMode.On;
  /** Its last request is not answered: it waits for what a key may get, or for a time to pass. */
  isBlocked = false;
  /** What is left of its last request, which has stopped in the middle; it is blocked then, too. */
  suspended: SuspendedRequest | undefined;
  /** Its last request was not carried out, and is to be once it is held no more. */
  isPostponed = false;
  /** Its next request is the one that was not carried out: nobody is to see it twice. */
  isResumed = false;
  /** What is done, once, when nothing holds the client any more, before its further requests. */
  whenReleased: (() => void) | undefined;
  /** What admission asks of its transaction, while it queues commands. */
  transaction: OpenTransaction | undefined;
  /** The connection is to end once the replies so far are sent. */
  closeAfterReply = false;
  noEvict = false;
  /** With how many bytes it was counted last, where clients' memory has a limit. */
  countedBytes = 0;
  noTouch = false;
  /** Full name of the last command, such as `config|get`; "" before the first. */
  lastCommand = "";
  /** Time of the last request, or of the last reply that went out, in milliseconds since 1970. */
  lastUsedMs: number;
  /** Since when the output is over its soft limit, in milliseconds since 1970; 0: it is not. */
  overSoftLimitSinceMs = 0;
  /** Which limit its output has. */
  outputClass: ClientClass = "normal";
  /** Whether a reply to it is being put together: what others send goes behind. */
  isReplying = false;
  /** A reply that is still being written, a piece at a time. */
  pieces: PiecewiseReply | undefined;

  /** How many reasons there are to let its requests wait. */
  #holds = 0;
  /** A chain, of which most clients have no link and few have three. */
  #facets: FacetLink | undefined;
  #waitingPushes: Uint8Array[] | undefined;
  /** Those that come behind the others. */
  #lastPushes: Uint8Array[] | undefined;
  #waitingPushBytes = 0;
  #isGone = false;

  constructor(
    readonly id: number,
    readonly transport: Transport,
    public db: Database,
    /** Writes in the client's protocol; shared by all clients of that protocol. */
    public reply: Reply,
    readonly createdAtMs: number,
    /** As whom it acts; see become(). */
    public user: ClientUser,
    passwordNeeded: boolean,
  ) {
    this.authenticated = !passwordNeeded;
    if (passwordNeeded) this.conditions = Condition.Authentication;
    this.followUser();
    this.lastUsedMs = createdAtMs;
  }

  /** Whether it is the client that scripts call as. */
  get isScript(): boolean {
    return this.author !== this;
  }

  /** `host:port` of the peer. */
  get address(): string {
    return this.transport.remoteAddress;
  }

  /** `host:port` of our end. */
  get localAddress(): string {
    return this.transport.localAddress;
  }

  /**
   * Memory that the client's buffers, messages and names take, in bytes. What a request announces
   * counts before it is there, so that nobody waits for one who announces too much.
   */
  get memoryBytes(): number {
    const { announcedBytes, inputCapacity, outputBytes, outputCapacity } = this.transport;
    // A small buffer is lent, whatever size it has from others; what waits in it is the client's.
    const output = outputCapacity <= LENT_OUTPUT_BYTES ? outputBytes : outputCapacity;
    return CLIENT_BYTES + inputCapacity + announcedBytes + output + this.#waitingPushBytes +
      this.name.length + this.libraryName.length + this.libraryVersion.length + this.#facetBytes;
  }

  get #facetBytes(): number {
    let total = 0;
    for (let link = this.#facets; link !== undefined; link = link.next) {
      total += link.facet.memoryBytes ?? 0;
    }
    return total;
  }

  /** Visits the facets that there are now; one may go meanwhile. */
  #forEachFacet(visit: (facet: Facet) => void): void {
    for (let link = this.#facets; link !== undefined; link = link.next) visit(link.facet);
  }

  /** What CLIENT LIST tells of what only some clients have. */
  get notes(): ClientNotes {
    const notes: ClientNotes = {
      flags: "",
      queued: -1,
      watched: 0,
      channels: 0,
      patterns: 0,
      shardChannels: 0,
      redirect: -1,
      transactionBytes: 0,
    };
    this.#forEachFacet((facet) => facet.note?.(notes));
    return notes;
  }

  /** Changes the protocol of replies, from the one under way on. */
  switchReply(reply: Reply): void {
    const { out } = this.reply;
    this.reply.out = NOWHERE;
    reply.out = out;
    this.reply = reply;
  }

  /** Whether every command is open to the client: it is authenticated, or does not have to be. */
  get mayCall(): boolean {
    return (this.conditions & Condition.Authentication) === 0;
  }

  /** Lets the client in as a user. */
  become(user: ClientUser): void {
    this.user = user;
    this.authenticated = true;
    this.conditions &= ~Condition.Authentication;
    this.followUser();
  }

  /** Its user is gone: it acts as another one, and is not let in as that. */
  expel(user: ClientUser): void {
    this.user = user;
    this.authenticated = false;
    this.conditions |= Condition.Authentication;
    this.followUser();
  }

  /** Follows a change of its user's rules: who may do everything is asked no more. */
  followUser(): void {
    if (this.user.isUnrestricted) this.conditions &= ~Condition.Acl;
    else this.conditions |= Condition.Acl;
  }

  /** Follows a change of the default password: who is in stays in, and without one everyone is. */
  followPassword(isRequired: boolean): void {
    if (isRequired && !this.authenticated) this.conditions |= Condition.Authentication;
    else this.conditions &= ~Condition.Authentication;
  }

  /** RESET: as a new client of `db` that speaks RESP2, or whatever its protocol begins with. */
  reset(db: Database, reply: Reply, user: ClientUser, passwordNeeded: boolean): void {
    this.#forEachFacet((facet) => facet.reset());
    this.db = db;
    this.name = "";
    // The reply to RESET itself is the one to be skipped, if so.
    if (this.replyMode !== ReplyMode.SkipThis) this.replyMode = ReplyMode.On;
    this.noEvict = false;
    this.noTouch = false;
    this.user = user;
    this.followUser();
    this.authenticated = !passwordNeeded;
    this.followPassword(passwordNeeded);
    this.switchReply(reply);
  }

  /** The client's facet of a kind, made where it has none. */
  facet<F extends Facet>(kind: FacetKind<F>): F {
    const present = this.facetIfAny(kind);
    if (present !== undefined) return present;
    const facet = kind.make(this);
    this.#facets = { kind, facet, next: this.#facets };
    return facet;
  }

  /** The client's facet of a kind, if it has one. */
  facetIfAny<F extends Facet>(kind: FacetKind<F>): F | undefined {
    let link = this.#facets;
    while (link !== undefined && link.kind !== kind) link = link.next;
    return link?.facet as F | undefined;
  }

  /** Takes a facet away, which is not asked to end. */
  dropFacet(kind: FacetKind<Facet>): void {
    let before: FacetLink | undefined;
    let link = this.#facets;
    while (link !== undefined && link.kind !== kind) {
      before = link;
      link = link.next;
    }
    if (before === undefined) this.#facets = link?.next;
    else before.next = link?.next;
  }

  /** Its EXEC is refused: what that was to end is over, whether or not anything was queued. */
  execRefused(): void {
    this.#forEachFacet((facet) => facet.execRefused?.());
  }

  /** The connection is gone: whatever is kept for the client is let go of. */
  ended(): void {
    this.#isGone = true;
    this.whenReleased = undefined;
    this.pieces?.ended();
    this.pieces = undefined;
    this.#takeWaitingPushes();
    this.#forEachFacet((facet) => facet.ended());
    this.#facets = undefined;
  }

  /** Whether requests behind the one that is carried out wait. */
  get isHeld(): boolean {
    return this.#holds !== 0;
  }

  /** Whether requests wait, or the reply to the last is not complete. */
  get isWaiting(): boolean {
    return this.#holds !== 0 || this.pieces !== undefined;
  }

  /** Lets requests wait from now on, until {@linkcode Client.release} was called as often. */
  hold(): void {
    this.#holds++;
  }

  release(): void {
    assert(this.#holds > 0, "a client is released that was not held");
    this.#holds--;
    const { whenReleased } = this;
    if (this.#holds === 0 && whenReleased !== undefined) {
      this.whenReleased = undefined;
      whenReleased();
    }
    if (this.#holds === 0) this.transport.released();
  }

  /** Sends a message, behind the reply under way if there is one; to nobody if the client is gone. */
  push(message: PushMessage): void {
    if (this.#isGone) return;
    if (this.isReplying) {
      const bytes = message.bytesFor(this.reply);
      (this.#waitingPushes ??= []).push(bytes);
      this.#waitingPushBytes += bytes.length;
    } else {
      message.appendTo(this.transport.output(), this.reply);
    }
    this.transport.outputAdded();
  }

  /** As push(), behind all others that wait for the reply under way. */
  pushLast(message: PushMessage): void {
    if (!this.isReplying || this.#isGone) return this.push(message);
    const bytes = message.bytesFor(this.reply);
    this.#waitingPushes ??= [];
    (this.#lastPushes ??= []).push(bytes);
    this.#waitingPushBytes += bytes.length;
    this.transport.outputAdded();
  }

  /** Bytes that are on their way to the client: replies, and messages that wait behind one. */
  get unsentBytes(): number {
    return this.transport.outputBytes + this.#waitingPushBytes;
  }

  /** Whether messages wait for the reply under way to end. */
  get hasWaitingPushes(): boolean {
    return this.#waitingPushes !== undefined;
  }

  /** Adds the messages that waited: the reply is complete. */
  appendWaitingPushes(): void {
    const out = this.transport.output();
    for (const bytes of this.#takeWaitingPushes()) out.append(bytes, 0, bytes.length);
  }

  #takeWaitingPushes(): readonly Uint8Array[] {
    const messages = (this.#waitingPushes ?? []).concat(this.#lastPushes ?? []);
    this.#waitingPushes = this.#lastPushes = undefined;
    this.#waitingPushBytes = 0;
    return messages;
  }
}

/** What a client takes beside its buffers, about: objects of the runtime. */
const CLIENT_BYTES = 1024;
/** Output buffers up to this size go from client to client. */
const LENT_OUTPUT_BYTES = 64 * 1024;
