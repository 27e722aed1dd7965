/**
 * A connection without its socket: input, decoder, client, output.
 *
 * ```
 * link reads into ─▶ input queue ─▶ decoder ─▶ batch ─▶ executor ─▶ output queue ─▶ link writes
 *                    per connection            └─ borrowed from a pool while there is work ─┘
 * ```
 *
 * Nothing is read while replies wait to be sent, so a client that does not read is not served
 * either: its own requests pile up in its own socket. One read and one write serve all requests of
 * a pipeline, and between them there is no promise.
 *
 * A client that is held (it is blocked, or paused) is read all the same, so that its end is noticed.
 * What comes then waits aside, for the batch that is half carried out points into the input:
 *
 * ```
 * input  │ request │ request │ request │      aside  │ what came while held │
 *          done      held      waits                   appended once the batch is done
 * ```
 *
 * An idle connection holds a read buffer of {@linkcode IDLE_READ_BYTES} and nothing that can be made
 * when it is asked for, such as its address as text. The buffer follows what arrives: it doubles when
 * a read fills it, and halves after a row of reads that needed a quarter of it. What a read left of a
 * request moves to the front, and the next read fills the rest:
 *
 * ```
 * ┌───────────┬──────────────────────────────────────┐
 * │ left over │ room for the next read               │   #bufferBytes
 * └───────────┴──────────────────────────────────────┘
 * ```
 *
 * Each read and write costs half a kilobyte of garbage: who sends much is read in large pieces.
 */

import type { RequestBatch } from "../../protocol/arguments.ts";
import { DecodeStatus, RequestDecoder } from "../../protocol/decoder.ts";
import { ByteQueue, ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import type { OutputQueue } from "../../structures/bytes/output_queue.ts";
import { Client, ReplyMode, type Transport } from "../execution/client.ts";
import { dropReply } from "../execution/invoker.ts";
import { NOWHERE } from "../execution/nowhere.ts";
import { failures, isDisconnect } from "../platform/platform.ts";
import type { ConnectionHost } from "./connection_host.ts";
import { IDLE_READ_BYTES } from "./input_limits.ts";
import { type Link, Progress } from "./link.ts";
import { isLocal, shownAddress } from "./addresses.ts";

/** Largest read buffer that a connection may wait with. */
const BUSY_READ_BYTES = 32 * 1024;
/** Largest read while a large request arrives. */
const BULK_READ_BYTES = 1024 * 1024;
/**
 * Room that the claim of a stranger gets. One who claims much, sends nothing and leaves, over and
 * over, has all others wait until V8 has collected it.
 */
const STRANGER_BYTES = 128 * 1024;
/** A larger request is read into an array of its size, however little of it is still to come. */
const LARGE_REQUEST_BYTES = 128 * 1024;
/** So many bytes of a request have come at once from whom is a stranger no more. */
const TRUSTED_BYTES = 64 * 1024;
/** Reads in a row that must leave three quarters of the buffer empty before it halves. */
const SMALL_READS_BEFORE_SHRINK = 8;

export class Connection implements Transport {
  readonly client: Client;
  readonly #link: Link;
  readonly #host: ConnectionHost;
  readonly #input: ByteQueue;
  readonly #decoder: RequestDecoder;
  #output: OutputQueue | undefined;
  // The batch that is being carried out, the request that is next, and how its decoding ended.
  #batch: RequestBatch | undefined;
  #next = 0;
  #status: DecodeStatus = DecodeStatus.NeedMore;
  /** Bytes of input that there were when the batch began. */
  #begunBytes = 0;
  /** What came while the client was held. */
  #aside: ByteQueue | undefined;
  /** What the read buffer should have; it has twice as much where requests need it. */
  #bufferBytes = IDLE_READ_BYTES;
  #smallReads = 0;
  /** Whether much of what the client claimed to send has come, once. */
  #hasDelivered = false;
  #ended = false;

  constructor(link: Link, host: ConnectionHost) {
    this.#link = link;
    this.#host = host;
    this.#input = new ByteQueue(host.inputLimits);
    this.#decoder = new RequestDecoder(host.inputLimits);
    this.client = new Client(
      host.clients.nextId(),
      this,
      host.keyspace.databases[0],
      host.dialects.resp2,
      host.now(),
      host.acl.defaultUser,
      host.acl.isPasswordNeeded,
    );
  }

  // ---- what the client asks of its transport

  get remoteAddress(): string {
    return shownAddress(this.#link.remoteAddress, this.#link);
  }

  get localAddress(): string {
    return shownAddress(this.#link.localAddress, this.#link);
  }

  get isLocal(): boolean {
    return isLocal(this.#link);
  }

  get isUnixSocket(): boolean {
    return "path" in this.#link.localAddress;
  }

  /** While a request is carried out, all that came with it counts, as on Redis. */
  get inputBytes(): number {
    if (this.#host.executor.served === this.client) return this.#begunBytes;
    const undecoded = this.#input.length - this.#decoder.partialBytes;
    return undecoded + this.#batchBytes() + (this.#aside?.length ?? 0);
  }

  get argumentBytes(): number {
    return this.#decoder.partialArgumentBytes;
  }

  /** Bytes of the batch's requests that are not done, the one that is carried out included. */
  #batchBytes(): number {
    const batch = this.#batch;
    return batch === undefined ? 0 : batch.bytesFrom(this.#next);
  }

  get inputCapacity(): number {
    return this.#input.bytes.length + (this.#aside?.bytes.length ?? 0);
  }

  get announcedBytes(): number {
    const needed = this.#input.length + this.#decoder.bytesWanted;
    return Math.max(0, needed - this.#input.bytes.length);
  }

  get outputBytes(): number {
    return this.#output?.length ?? 0;
  }

  get outputChunks(): number {
    return this.#output?.sealedChunks ?? 0;
  }

  get outputCapacity(): number {
    return this.#output?.capacity ?? 0;
  }

  output(): OutputQueue {
    return this.#output ??= this.#host.pool.takeOutput();
  }

  outputAdded(): void {
    this.#enforceOutputLimit();
    this.#account();
    if (!this.#ended) this.#link.wake();
  }

  released(): void {
    if (!this.#ended) this.#link.wake();
  }

  close(): void {
    this.#link.close();
  }

  finish(): void {
    this.client.closeAfterReply = true;
    this.#link.finish();
  }

  // ---- what the link drives

  /**
   * Makes room for the next read: for the rest of a large request, if one is arriving.
   *
   * @returns where to read to
   */
  readView(): Uint8Array<ArrayBuffer> {
    const room = this.#prepareRead();
    // A large request that is carried out has left its buffer.
    this.#account();
    const input = this.#input;
    return input.view(input.tail, input.tail + room);
  }

  /** The link has read `count` bytes into what readView() answered, which had room for `room`. */
  received(count: number, room: number): void {
    const { stats } = this.#host;
    this.#input.commit(count);
    stats.reads++;
    stats.bytesRead += count;
    this.#adaptBuffer(count, room);
    this.#begin();
    this.#accountBetween();
  }

  /** The link has read bytes while the client was held. @throws {ByteQueueFullError} too many */
  receivedAside(bytes: Uint8Array): void {
    const { inputLimits, stats } = this.#host;
    stats.reads++;
    stats.bytesRead += bytes.length;
    this.#aside ??= new ByteQueue(inputLimits);
    this.#aside.append(bytes, 0, bytes.length);
    this.#account();
  }

  /** Whether something came while the client was held, and is now to be carried out. */
  takeAside(): boolean {
    const aside = this.#aside;
    if (aside === undefined) return false;
    this.#aside = undefined;
    this.#input.append(aside.bytes, aside.head, aside.length);
    this.#begin();
    return true;
  }

  #begin(): void {
    this.#batch ??= this.#host.pool.takeBatch();
    this.#begunBytes = this.#input.length;
    this.#next = 0;
    this.#status = DecodeStatus.Full;
  }

  /** Output that waits to be sent, if there is any. */
  get waitingOutput(): OutputQueue | undefined {
    const output = this.#output;
    if (output === undefined || output.length === 0) return undefined;
    return this.client.pieces !== undefined && this.#isGathering ? undefined : output;
  }

  /**
   * Whether the pieces of a reply are sent together: a limit on output holds for the whole of it, and
   * of one that is over the limit nothing is sent.
   */
  get #isGathering(): boolean {
    return this.#host.config.outputBufferLimits[this.client.outputClass].hardBytes > 0;
  }

  /**
   * Goes on with what has arrived, until there is output to send first or nothing is left to do.
   * The link calls it again as {@linkcode Progress} says.
   */
  proceed(): Progress {
    const progress = this.#goOn();
    this.#host.tracking.broadcast();
    return progress;
  }

  #goOn(): Progress {
    if (this.#ended) return Progress.Closing;
    const { client } = this;
    if (client.pieces !== undefined) return this.#writePieces();
    const batch = this.#batch;
    if (batch === undefined) return client.closeAfterReply ? Progress.Closing : Progress.Idle;
    for (;;) {
      if (this.#next === batch.count) {
        // Who is held without a request that waits is read like anybody, into the buffer that it has.
        if (this.#status === DecodeStatus.NeedMore) return this.#done(batch);
        if (this.#status === DecodeStatus.Failed) {
          return client.isHeld ? Progress.Held : this.#refuseProtocol();
        }
        batch.clear();
        this.#next = 0;
        this.#decode(batch);
        if (client.isHeld) continue;
      } else if (client.isHeld) return Progress.Held;
      this.#execute(batch);
      if (client.closeAfterReply || this.#ended) return Progress.Closing;
      if (client.pieces !== undefined) return Progress.More;
      if (this.#next < batch.count && !client.isHeld) return Progress.More;
    }
  }

  #decode(batch: RequestBatch): void {
    const { client } = this;
    this.#status = this.#decoder.decode(this.#input, batch, client.mayCall);
    if (this.#decoder.protocol === "native" && client.reply.protocol !== "native") {
      client.reply = this.#host.dialects.native;
    }
  }

  #done(batch: RequestBatch): Progress {
    this.#batch = undefined;
    this.#host.pool.returnBatch(batch);
    // What has come may be the beginning of a request, which nobody has looked at.
    if (this.#input.length > 0) {
      this.#account();
      this.#host.clientMemory.enforce();
    }
    return Progress.Idle;
  }

  /** Has the client's memory counted, where there is a limit on memory. */
  #account(): void {
    const { clientMemory } = this.#host;
    if (clientMemory.isActive && !this.#ended) clientMemory.account(this.client);
  }

  /** As #account(), where it is counted anyhow before the connection waits again. */
  #accountBetween(): void {
    if (this.#host.clientMemory.isLimited) this.#account();
  }

  #execute(batch: RequestBatch): void {
    const { client } = this;
    const { clientMemory, executor, keyspace } = this.#host;
    if (clientMemory.isActive) {
      clientMemory.enforce();
      if (this.#ended) return;
    }
    keyspace.updateClock();
    client.lastUsedMs = keyspace.nowMs;
    client.reply.out = this.output();
    this.#next = executor.run(client, batch, this.#next);
    client.reply.out = NOWHERE;
    this.#enforceOutputLimit();
    this.#account();
  }

  /** The client broke the protocol, behind the requests that are carried out. */
  #refuseProtocol(): Progress {
    const { client } = this;
    const { reply } = client;
    const { error } = this.#decoder;
    reply.out = this.output();
    const mark = reply.begin();
    reply.error(error);
    if (client.replyMode !== ReplyMode.On) dropReply(client, mark);
    reply.end(mark);
    reply.out = NOWHERE;
    client.closeAfterReply = true;
    this.#host.stats.countError(error);
    this.#host.log.rarely("verbose", "closing client after a protocol error", {
      client: client.address,
      error,
    });
    return Progress.Closing;
  }

  /** Writes the next piece of a reply that is sent in pieces. */
  #writePieces(): Progress {
    const { client } = this;
    const { reply } = client;
    reply.out = this.output();
    let more: boolean;
    try {
      more = client.pieces!.write(reply);
    } catch (error) {
      return this.#breakOff(error);
    } finally {
      reply.out = NOWHERE;
    }
    this.#enforceOutputLimit();
    if (this.#ended) return Progress.Closing;
    if (more) return Progress.More;
    client.pieces!.ended();
    client.pieces = undefined;
    client.isReplying = false;
    client.appendWaitingPushes();
    return this.#batch === undefined ? Progress.Idle : Progress.More;
  }

  /** A reply cannot be completed, so that nothing that makes sense can come behind it. */
  #breakOff(error: unknown): Progress {
    const { log } = this.#host;
    const client = this.client.address;
    if (error instanceof ByteQueueFullError) {
      log.warning(`closing client in the middle of a reply: ${error.message}`, { client });
    } else {
      log.fault("closing client in the middle of a reply", error, { client });
    }
    return Progress.Closing;
  }

  #enforceOutputLimit(): void {
    if (this.#ended) return;
    const { client } = this;
    const { config, log, stats } = this.#host;
    const { hardBytes } = config.outputBufferLimits[client.outputClass];
    if (hardBytes === 0 || limitedBytes(client) < hardBytes) return;
    stats.outputLimitDisconnections++;
    log.rarely("warning", "closing client: its output has reached the limit", {
      client: client.address,
      limitBytes: hardBytes,
    });
    client.closeAfterReply = true;
    this.#link.close();
  }

  /** The link has sent bytes of the output. */
  sent(output: OutputQueue, count: number): void {
    const { keyspace, stats } = this.#host;
    output.sent(count);
    stats.writes++;
    stats.bytesWritten += count;
    this.client.lastUsedMs = keyspace.nowMs;
    this.#accountBetween();
  }

  /** Gives the output queue back, which is empty. */
  returnOutput(): void {
    const output = this.#output;
    if (output === undefined) return;
    this.#output = undefined;
    this.#host.pool.returnOutput(output);
  }

  /** The link is closed: the client is gone from the list at once. Called once. */
  closed(): void {
    this.#ended = true;
    this.#host.clients.remove(this.client);
    this.#host.clientMemory.forget(this.client);
    this.client.ended();
  }

  /** Logs why the link broke, unless that is the ordinary end of one. */
  explain(error: unknown): void {
    const { log, stats } = this.#host;
    const client = this.client.address;
    if (error instanceof ByteQueueFullError) {
      stats.inputLimitDisconnections++;
      log.rarely("warning", "closing client: its request is over client-query-buffer-limit", {
        client,
      });
    } else if (isDisconnect(error)) {
      log.verbose("client disconnected", { client });
    } else if (failures.kindOf(error) === "tls") {
      const reason = failures.messageOf(error);
      log.rarely("warning", "closing client: it does not speak TLS as it should", {
        client,
        reason,
      });
    } else {
      log.fault("closing client after an unexpected error", error, { client });
    }
  }

  #prepareRead(): number {
    const input = this.#input;
    const wanted = this.#decoder.bytesWanted;
    const isLarge = wanted > 0 && input.length + wanted > LARGE_REQUEST_BYTES;
    if (isLarge || wanted > this.#bufferBytes) {
      if (input.length >= TRUSTED_BYTES) this.#hasDelivered = true;
      const present = input.bytes.length - input.tail;
      // The end of a large request fits in where it is: another array would copy all of it again.
      if (isLarge && wanted <= present) return Math.min(present, BULK_READ_BYTES);
      const step = this.#hasDelivered ? BULK_READ_BYTES : STRANGER_BYTES;
      const room = Math.min(input.reserveAnnounced(wanted, step), BULK_READ_BYTES);
      if (room > this.#bufferBytes) this.#bufferBytes = room;
      return room;
    }
    if (input.length === 0) {
      if (this.#bufferBytes > BUSY_READ_BYTES) this.#bufferBytes = BUSY_READ_BYTES;
      // Buffers made anew for each large request would pile up faster than they are collected. An
      // idle connection keeps no more than it needs.
      const isIdle = this.#bufferBytes === IDLE_READ_BYTES;
      const keptBytes = isIdle ? IDLE_READ_BYTES : 2 * this.#bufferBytes;
      if (input.bytes.length > keptBytes) input.release();
    }
    const room = Math.max(this.#bufferBytes - input.length, this.#bufferBytes >> 1);
    input.reserve(room);
    return room;
  }

  /** Follows what arrived: `count` bytes where `room` were asked for. */
  #adaptBuffer(count: number, room: number): void {
    if (count === room) {
      this.#smallReads = 0;
      if (this.#bufferBytes < BUSY_READ_BYTES) this.#bufferBytes *= 2;
    } else if (count * 4 > room || this.#bufferBytes === IDLE_READ_BYTES) {
      this.#smallReads = 0;
    } else if (++this.#smallReads === SMALL_READS_BEFORE_SHRINK) {
      this.#smallReads = 0;
      this.#bufferBytes = Math.max(IDLE_READ_BYTES, this.#bufferBytes >> 1);
    }
  }
}

/** Bytes of output that no limit counts: Redis's first buffer of a client. */
const UNLIMITED_OUTPUT_BYTES = 16 * 1024;

/** What is behind that is counted in whole blocks, as Redis allocates them. */
const OUTPUT_BLOCK_BYTES = 20 * 1024;

/** The output of a client as limits count it. */
export function limitedBytes({ unsentBytes }: Client): number {
  if (unsentBytes <= UNLIMITED_OUTPUT_BYTES) return 0;
  const blocks = Math.ceil((unsentBytes - UNLIMITED_OUTPUT_BYTES) / OUTPUT_BLOCK_BYTES);
  return blocks * OUTPUT_BLOCK_BYTES;
}
