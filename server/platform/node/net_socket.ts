/**
 * A socket of Node as the server wants it: it reads into the reader's own buffer when that asks, and a
 * write is done when the system has the bytes.
 *
 * Node reads by itself. What comes goes straight to whoever waits for it; where nobody does it is put
 * aside, and the socket is read no further until that is taken:
 *
 * ```
 * Node's buffer ──▶ the reader's buffer           somebody waits
 *              └──▶ #aside, and reading stops     nobody does
 * ```
 *
 * Half closed is not closed: a peer that sends no more is sent all its replies.
 */

import type net from "node:net";
import type { Socket, SocketAddress } from "../socket.ts";

/** What a write ends with when this side closes the socket. */
export class SocketClosedError extends Error {
  override name = "SocketClosedError";
  readonly code = "ERR_SOCKET_CLOSED";
}

/** Fewer are copied one by one, which takes no view of them. */
const SHORT_BYTES = 64;

const NOTHING = new Uint8Array(0);

export class NetSocket implements Socket {
  protected readonly socket: net.Socket;
  /** Where the read that waits wants its bytes. */
  #wanted: Uint8Array | undefined;
  #resolveRead: ((count: number | null) => void) | undefined;
  #rejectRead: ((error: unknown) => void) | undefined;
  /** What came while nobody read, from `#asideAt` on. */
  #aside: Uint8Array | undefined;
  #asideAt = 0;
  /** Nothing comes any more: the peer has said so, or the socket is closed. */
  #hasEnded = false;
  #isClosed = false;
  #error: unknown;
  /** Ends the write that waits. */
  #rejectWrite: ((error: unknown) => void) | undefined;

  /** Node hands what it reads to {@linkcode NetSocket.received}. */
  constructor(
    socket: net.Socket,
    readonly remoteAddr: SocketAddress,
    readonly localAddr: SocketAddress,
  ) {
    this.socket = socket;
    socket.on("end", () => this.#end());
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#becomeClosed());
  }

  /** The first `count` of these bytes have come. @returns whether more may come */
  received(bytes: Uint8Array, count: number): boolean {
    const wanted = this.#wanted;
    if (wanted === undefined) {
      this.#putAside(bytes.subarray(0, count));
      return false;
    }
    this.#wanted = undefined;
    if (count <= wanted.length) {
      if (count > SHORT_BYTES) {
        wanted.set(count === bytes.length ? bytes : bytes.subarray(0, count));
      } else for (let i = 0; i < count; i++) wanted[i] = bytes[i];
      this.#resolveRead!(count);
      return true;
    }
    wanted.set(bytes.subarray(0, wanted.length));
    this.#putAside(bytes.subarray(wanted.length, count));
    this.#resolveRead!(wanted.length);
    return false;
  }

  /** Keeps a copy; there may be bytes already, that were on their way when reading stopped. */
  #putAside(bytes: Uint8Array): void {
    const before = this.#aside?.subarray(this.#asideAt) ?? NOTHING;
    const aside = new Uint8Array(before.length + bytes.length);
    aside.set(before);
    aside.set(bytes, before.length);
    this.#aside = aside;
    this.#asideAt = 0;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    if (this.#aside !== undefined) return Promise.resolve(this.#takeAside(this.#aside, buffer));
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#hasEnded) return Promise.resolve(null);
    this.#wanted = buffer;
    return new Promise((resolve, reject) => {
      this.#resolveRead = resolve;
      this.#rejectRead = reject;
    });
  }

  #takeAside(aside: Uint8Array, buffer: Uint8Array): number {
    const count = Math.min(aside.length - this.#asideAt, buffer.length);
    buffer.set(aside.subarray(this.#asideAt, this.#asideAt + count));
    this.#asideAt += count;
    if (this.#asideAt === aside.length) {
      this.#aside = undefined;
      this.socket.resume();
    }
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    const refusal = this.#whyNoWrite();
    if (refusal !== undefined) return Promise.reject(refusal);
    const { socket } = this;
    const { length } = bytes;
    socket.write(bytes);
    // As a rule the system takes all of it at once, and to be told of that would take longer.
    if (socket.writableLength === 0) return Promise.resolve(length);
    return this.writeAndWait(NOTHING, length);
  }

  /** Writes behind all that is on its way, and resolves to `count` once the system has all of it. */
  protected writeAndWait(bytes: Uint8Array, count: number): Promise<number> {
    const refusal = this.#whyNoWrite();
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#rejectWrite = reject;
      this.socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
  }

  #whyNoWrite(): unknown {
    return this.#error ??
      (this.#isClosed ? new SocketClosedError("the socket is closed") : undefined);
  }

  setNoDelay(noDelay: boolean): void {
    this.socket.setNoDelay(noDelay);
  }

  setKeepAlive(keepAlive: boolean): void {
    this.socket.setKeepAlive(keepAlive);
  }

  unref(): void {
    this.socket.unref();
  }

  close(): void {
    this.socket.destroy();
    this.#becomeClosed();
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.#wanted === undefined) return;
    this.#wanted = undefined;
    this.#resolveRead!(null);
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#rejectWrite?.(error);
    if (this.#wanted === undefined) return;
    this.#wanted = undefined;
    this.#rejectRead!(error);
  }

  #becomeClosed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end();
    this.#rejectWrite?.(new SocketClosedError("the socket is closed"));
  }
}
