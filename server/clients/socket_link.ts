/**
 * A link with its socket in place: one loop that reads, has the session proceed, and writes.
 *
 * ```
 * read ─▶ received ─▶ proceed ─▶ write ─▶ proceed ─▶ … ─▶ write ─▶ read …
 * ```
 *
 * What others add to the output while the loop waits for the next read is sent by a writer that
 * starts for it and ends when there is no more; while the loop itself writes, its write takes it
 * along. Either way one write at a time is under way. Writers start together, once those who add have
 * paused: a message to a thousand clients is a thousand writes and one wait.
 *
 * ```
 * wake a ─▶ due: a │ wake b ─▶ due: a b │ wake a │ pause ─▶ a, b: write ─▶ sent ─▶ write, or done
 * ```
 *
 * While the session is held, a read is pending beside it, to notice the end of the connection.
 */

import type { Socket, SocketAddress } from "../platform/socket.ts";
import { Connection } from "./connection.ts";
import type { ConnectionHost } from "./connection_host.ts";
import { type Link, Progress } from "./link.ts";
import { after, monotonicMs, soon } from "../../structures/real_time.ts";

/** Most bytes that one write hands to the system. */
const WRITE_BYTES = 1024 * 1024;
/** So long a connection may go on with what one read brought; then others have their turn. */
const TURN_MS = 2;
/** Reads while held: what comes then is little, or it waits. */
const ASIDE_READ_BYTES = 4096;

/** Links whose writers are about to start. */
let due: SocketLink[] = [];

function startWriters(): void {
  const links = due;
  due = [];
  for (let i = 0; i < links.length; i++) links[i].startWriter();
}

export class SocketLink implements Link {
  readonly connection: Connection;
  /** Resolves when nothing of the connection is under way any more; never rejects. Set by start(). */
  finished: Promise<void> | undefined;
  readonly #socket: Socket;
  readonly #ended: (link: SocketLink) => void;
  /** The loop waits for a read, and nothing else is to be done. */
  #isReading = false;
  /** A write is under way. */
  #isWriting = false;
  /** Others have added output, and a writer is about to start for it. */
  #isDue = false;
  /** The writer that others' output started, while it runs. Never rejects. */
  #writer: Promise<void> | undefined;
  /** The read beside a session that is held: what it brought, null at the end. */
  #aside: Promise<Uint8Array | null> | undefined;
  /** What a writer does when its write has ended; made when it first starts. */
  #onSent: ((count: number) => void) | undefined;
  #onFailed: ((error: unknown) => void) | undefined;
  #wakeHeld: (() => void) | undefined;
  #isClosed = false;

  /** @param ended called once, when nothing of the connection is under way any more */
  constructor(socket: Socket, host: ConnectionHost, ended: (link: SocketLink) => void) {
    this.#socket = socket;
    this.#ended = ended;
    this.connection = new Connection(this, host);
  }

  get remoteAddress(): SocketAddress {
    return this.#socket.remoteAddr;
  }

  get localAddress(): SocketAddress {
    return this.#socket.localAddr;
  }

  /** Whether nothing is to be done before the client sends more, or something that it waits for happens. */
  get isQuiet(): boolean {
    const isWaiting = this.#isReading || this.#wakeHeld !== undefined;
    return isWaiting && !this.#isDue && !this.isWriting;
  }

  /** Whether the system has yet to take some output, which may last as long as the client does not read. */
  get isWriting(): boolean {
    return this.#isWriting || this.#writer !== undefined;
  }

  /** Serves the client until either side ends the connection; see `finished`. */
  start(): void {
    this.finished = this.#serve();
  }

  /**
   * The loop of the connection, with every wait in plain sight. Everything between two waits is
   * synchronous. It is the only function that waits on an idle connection, as each one costs half a
   * kilobyte.
   */
  async #serve(): Promise<void> {
    const { connection } = this;
    const socket = this.#socket;
    try {
      while (!this.#isClosed) {
        if (!connection.takeAside()) {
          if (this.#aside !== undefined) {
            if (!await this.#takeAside()) return;
            continue;
          }
          const view = connection.readView();
          this.#isReading = true;
          const count = await socket.read(view);
          this.#isReading = false;
          if (count === null || this.#isClosed) return;
          connection.received(count, view.length);
        }
        let turnEndMs = 0;
        for (;;) {
          const progress = connection.proceed();
          while (this.#writer !== undefined) await this.#writer;
          this.#isWriting = true;
          for (;;) {
            const output = connection.waitingOutput;
            if (output === undefined || this.#isClosed) break;
            connection.sent(output, await socket.write(output.take(WRITE_BYTES)));
          }
          this.#isWriting = false;
          if (progress === Progress.Closing || this.#isClosed) return;
          if (progress === Progress.Idle) break;
          if (progress === Progress.More) {
            // A write that the system takes at once lets nobody else in.
            if (turnEndMs === 0) turnEndMs = monotonicMs() + TURN_MS;
            else if (monotonicMs() > turnEndMs) {
              await new Promise<void>((resolve) => after(0, resolve));
              turnEndMs = monotonicMs() + TURN_MS;
            }
          }
          if (progress === Progress.Held) {
            if (!await this.#whileHeld() || connection.client.closeAfterReply) return;
          }
        }
        if (connection.client.closeAfterReply) return;
        connection.returnOutput();
      }
    } catch (error) {
      if (!this.#isClosed) connection.explain(error);
    } finally {
      this.close();
      this.#ended(this);
    }
  }

  /** Waits until the session is held no more. @returns false where the connection has ended */
  async #whileHeld(): Promise<boolean> {
    const { connection } = this;
    while (connection.client.isHeld && !connection.client.closeAfterReply && !this.#isClosed) {
      this.#aside ??= this.#readAside();
      const woken = new Promise<undefined>((resolve) => this.#wakeHeld = () => resolve(undefined));
      const came = await Promise.race([this.#aside, woken]);
      this.#wakeHeld = undefined;
      if (came === null) return false;
      if (came === undefined) break;
      this.#aside = undefined;
      connection.receivedAside(came);
    }
    while (this.#writer !== undefined) await this.#writer;
    return !this.#isClosed;
  }

  /** Never rejects: nobody may be waiting when the connection ends. */
  async #readAside(): Promise<Uint8Array | null> {
    try {
      const bytes = new Uint8Array(ASIDE_READ_BYTES);
      const count = await this.#socket.read(bytes);
      return count === null ? null : bytes.subarray(0, count);
    } catch (error) {
      if (!this.#isClosed) this.connection.explain(error);
      return null;
    }
  }

  /** Waits for the read that is still pending from when the session was held. */
  async #takeAside(): Promise<boolean> {
    this.#isReading = true;
    const bytes = await this.#aside!;
    this.#isReading = false;
    this.#aside = undefined;
    if (bytes === null || this.#isClosed) return false;
    this.connection.receivedAside(bytes);
    return true;
  }

  wake(): void {
    if (this.#wakeHeld !== undefined) {
      // Whatever is to be sent is sent by a writer; the loop goes on only where it may.
      if (!this.connection.client.isHeld) return this.#wakeHeld();
    } else if (!this.#isReading) return;
    if (this.#isDue || this.#isWriting || this.#writer !== undefined) return;
    this.#isDue = true;
    if (due.length === 0) soon(startWriters);
    due.push(this);
  }

  /** Starts a writer for what others have added, unless the loop has sent it meanwhile. */
  startWriter(): void {
    this.#isDue = false;
    const isFree = this.#isReading || this.#wakeHeld !== undefined;
    if (!isFree || this.#isWriting || this.#writer !== undefined || this.#isClosed) return;
    this.#write();
  }

  /** Writes what waits, or ends the writer. */
  #write(): void {
    const output = this.connection.waitingOutput;
    if (output === undefined || this.#isClosed) return this.#endWriter();
    this.#onSent ??= (count) => {
      this.connection.sent(this.connection.output(), count);
      this.#write();
    };
    this.#onFailed ??= (error) => {
      if (!this.#isClosed) this.connection.explain(error);
      this.close();
      this.#endWriter();
    };
    this.#writer = this.#socket.write(output.take(WRITE_BYTES)).then(this.#onSent, this.#onFailed);
  }

  #endWriter(): void {
    const { connection } = this;
    this.#writer = undefined;
    if (!this.#isReading || this.#isClosed) return;
    connection.returnOutput();
    if (connection.client.closeAfterReply) this.close();
  }

  finish(): void {
    if (this.#isReading && this.#writer === undefined && !this.#isDue) this.close();
    else this.#wakeHeld?.();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.connection.closed();
    this.#wakeHeld?.();
    try {
      this.#socket.close();
    } catch {
      // The peer was faster.
    }
  }
}
