/**
 * One connection: reads, has the executor carry out what arrived, writes the replies.
 *
 * ```
 * read ─▶ input queue ─▶ decoder ─▶ batch ─▶ executor ─▶ output queue ─▶ write ─▶ read …
 *         per connection                                 borrowed from a pool while there is output
 * ```
 *
 * Nothing is read while replies wait to be sent, so a client that does not read is not served
 * either: its own requests pile up in its own socket. One read and one write serve all requests of
 * a pipeline, and between them there is no promise.
 *
 * An idle connection holds a read buffer of {@linkcode IDLE_READ_BYTES}, one suspended function, and
 * nothing that can be made when it is asked for, such as its address as text. The buffer follows
 * what arrives: it doubles when a read fills it, and halves after a row of reads that needed a
 * quarter of it. What a read left of a request moves to the front, and the next read fills the rest:
 *
 * ```
 * ┌───────────┬──────────────────────────────────────┐
 * │ left over │ room for the next read               │   #bufferBytes
 * └───────────┴──────────────────────────────────────┘
 * ```
 *
 * Each read and each write costs the runtime half a kilobyte of garbage, which stays resident until
 * V8 collects it. So a client that sends much is read in large pieces.
 */

import type { RequestBatch } from "../../protocol/arguments.ts";
import type { NativeReply } from "../../protocol/native_reply.ts";
import { DecodeStatus, RequestDecoder } from "../../protocol/decoder.ts";
import { ByteQueue, ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { Client, type Transport } from "./client.ts";
import type { Executor } from "../execution/executor.ts";
import type { BufferPool } from "./buffer_pool.ts";
import type { ServerContext } from "../context.ts";
import { isDisconnect } from "../platform/platform.ts";
import type { NetAddress, Socket } from "../platform/socket.ts";

const IDLE_READ_BYTES = 512;
/** Largest read buffer that a connection may wait with. */
const BUSY_READ_BYTES = 32 * 1024;
/** Largest read while a large request arrives. */
const BULK_READ_BYTES = 1024 * 1024;
/** Reads in a row that must leave three quarters of the buffer empty before it halves. */
const SMALL_READS_BEFORE_SHRINK = 32;
/** Most bytes that one write hands to the system. */
const WRITE_BYTES = 1024 * 1024;

/** What a connection needs of its server. */
export interface ConnectionHost extends ServerContext {
  readonly pool: BufferPool;
  /** The writer of the native protocol. */
  readonly native: NativeReply;
  /** Called once for each connection when nothing of it is under way any more. */
  ended(connection: Connection): void;
}

export class Connection implements Transport {
  readonly client: Client;
  /** Resolves when the connection has ended; never rejects. Set by start(). */
  finished: Promise<void> | undefined;
  readonly #conn: Socket;
  readonly #server: ConnectionHost;
  readonly #executor: Executor;
  readonly #input: ByteQueue;
  readonly #decoder: RequestDecoder;
  #output: ByteQueue | undefined;
  /** What the read buffer should have; it has twice as much where requests need it. */
  #bufferBytes = IDLE_READ_BYTES;
  #smallReads = 0;
  /** A read is pending, and nothing else is to be done. */
  #waiting = false;
  #closed = false;

  constructor(conn: Socket, server: ConnectionHost, executor: Executor) {
    const { config } = server;
    this.#conn = conn;
    this.#server = server;
    this.#executor = executor;
    this.#input = new ByteQueue({
      initialBytes: IDLE_READ_BYTES,
      maxBytes: config.clientQueryBufferLimitBytes,
    });
    const limits = {
      maxBulkBytes: config.protoMaxBulkBytes,
      maxMultibulk: 1024 * 1024,
      maxInlineBytes: 64 * 1024,
      authenticated: config.requirePass === "",
    };
    this.#decoder = new RequestDecoder(limits);
    this.client = new Client(
      server.clients.nextId(),
      this,
      server.keyspace.databases[0],
      server.resp2,
      limits,
      server.now(),
    );
  }

  get remoteAddress(): string {
    return hostAndPort(this.#conn.remoteAddr);
  }

  get localAddress(): string {
    return hostAndPort(this.#conn.localAddr);
  }

  get inputBytes(): number {
    return this.#input.length;
  }

  get inputCapacity(): number {
    return this.#input.bytes.length;
  }

  get outputBytes(): number {
    return this.#output?.length ?? 0;
  }

  get outputCapacity(): number {
    return this.#output?.bytes.length ?? 0;
  }

  /** Serves the client until either side ends the connection; see `finished`. */
  start(): void {
    this.finished = this.#serve();
  }

  /**
   * The loop of the connection, with every wait in plain sight: one for the read, one for each
   * write. Everything between two waits is synchronous. It is the only function that waits, as each
   * one costs an idle connection half a kilobyte.
   */
  async #serve(): Promise<void> {
    try {
      const { pool, stats } = this.#server;
      const { client } = this;
      const conn = this.#conn;
      const input = this.#input;
      while (!this.#closed && !client.closeAfterReply) {
        const room = this.#prepareRead();
        this.#waiting = true;
        const count = await conn.read(input.view(input.tail, input.tail + room));
        this.#waiting = false;
        if (count === null || this.#closed) return;
        input.commit(count);
        stats.reads++;
        stats.bytesRead += count;
        this.#adaptBuffer(count, room);
        const batch = pool.takeBatch();
        const output = this.#output = pool.takeOutput();
        let status: DecodeStatus = DecodeStatus.Full;
        let next = 0;
        for (;;) {
          if (next === batch.count) {
            batch.clear();
            if (status !== DecodeStatus.Full) break;
            status = this.#decoder.decode(input, batch);
            next = 0;
          }
          next = this.#execute(batch, next, output, status);
          if (next < batch.count || status !== DecodeStatus.Full || client.closeAfterReply) {
            while (output.length > 0) {
              const end = Math.min(output.tail, output.head + WRITE_BYTES);
              const written = await conn.write(output.view(output.head, end));
              output.consume(written);
              stats.writes++;
              stats.bytesWritten += written;
            }
          }
          if (client.closeAfterReply || this.#closed) return;
        }
        this.#output = undefined;
        pool.returnOutput(output);
        pool.returnBatch(batch);
      }
    } catch (error) {
      this.#explain(error);
    } finally {
      this.close();
      this.#server.ended(this);
    }
  }

  /** Carries out requests of the batch, and ends it with the error if the client broke the protocol. */
  #execute(batch: RequestBatch, from: number, output: ByteQueue, status: DecodeStatus): number {
    const { client } = this;
    const { keyspace, native } = this.#server;
    if (client.reply !== native && this.#decoder.protocol === "native") client.reply = native;
    keyspace.updateClock();
    client.lastUsedMs = keyspace.nowMs;
    client.reply.out = output;
    const next = this.#executor.run(client, batch, from);
    if (next === batch.count && status === DecodeStatus.Failed) this.#refuseProtocol();
    this.#enforceOutputLimit(output);
    return next;
  }

  #refuseProtocol(): void {
    const { reply } = this.client;
    reply.begin();
    reply.error(this.#decoder.error);
    reply.end();
    this.client.closeAfterReply = true;
    this.#server.stats.countError(this.#decoder.error);
    this.#server.log.verbose("closing client after a protocol error", {
      client: this.client.address,
      error: this.#decoder.error,
    });
  }

  #enforceOutputLimit(output: ByteQueue): void {
    const { hardBytes } = this.#server.config.outputBufferLimits.normal;
    if (hardBytes === 0 || output.length <= hardBytes) return;
    output.consume(output.length);
    this.client.closeAfterReply = true;
    this.#server.stats.outputLimitDisconnections++;
    this.#server.log.warning("closing client: its output is over the limit", {
      client: this.client.address,
      limitBytes: hardBytes,
    });
  }

  /** Logs why a connection broke, unless that is the ordinary end of one. */
  #explain(error: unknown): void {
    const { log, stats } = this.#server;
    const client = this.client.address;
    if (error instanceof ByteQueueFullError) {
      stats.inputLimitDisconnections++;
      log.warning("closing client: its request is over client-query-buffer-limit", { client });
    } else if (isDisconnect(error)) {
      log.verbose("client disconnected", { client });
    } else {
      log.fault("closing client after an unexpected error", error, { client });
    }
  }

  /** Ends the connection now; the client is gone from the list at once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#server.clients.remove(this.client);
    try {
      this.#conn.close();
    } catch {
      // The peer was faster.
    }
  }

  /** Ends the connection as soon as the replies under way are sent. */
  finish(): void {
    this.client.closeAfterReply = true;
    if (this.#waiting) this.close();
  }

  /**
   * Makes room for the next read: for the rest of a large request, if one is arriving.
   *
   * @returns the bytes to read at most
   */
  #prepareRead(): number {
    const input = this.#input;
    const wanted = this.#decoder.bytesWanted;
    if (wanted > this.#bufferBytes) {
      input.reserve(wanted);
      return this.#bufferBytes = Math.min(wanted, BULK_READ_BYTES);
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

/** `host:port`, an IPv6 host in brackets, an IPv4 host plain even where the socket is dual-stack. */
function hostAndPort({ hostname, port }: NetAddress): string {
  const host = hostname.startsWith("::ffff:") ? hostname.slice(7) : hostname;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
