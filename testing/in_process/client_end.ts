/**
 * The client's end of a connection within the process: a stream of Node's with what clients of Redis
 * use of a socket beside it.
 *
 * ```
 * write ─▶ pipe of requests ─▶ ServerEnd        while that is full, the stream is not drained
 * data ◀── pipe of replies ◀── ServerEnd        while nobody reads, the server is not served either
 * ```
 */

import type { Socket as NodeSocket } from "node:net";
import type { Duplex } from "node:stream";
import { makeDuplex } from "../../server/platform/duplex.ts";
import type { NetAddress } from "../../server/platform/socket.ts";
import { after, cancel, holdProcess, soon, type Timer } from "../../structures/real_time.ts";
import type { Pipe } from "./pipe.ts";

/** Both ends' addresses, as a socket has them. */
export interface Addresses {
  readonly client: NetAddress;
  readonly server: NetAddress;
}

/**
 * A stream that is connected in a moment, as those of node:net are.
 *
 * @param requests where it writes
 * @param replies where it reads
 */
export function clientEnd(requests: Pipe, replies: Pipe, addresses: Addresses): NodeSocket {
  const hold = new Hold();
  const idle = new IdleTimer(() => stream.emit("timeout"));
  let isReading = false;
  const stream: Duplex = makeDuplex({
    allowHalfOpen: false,
    read() {
      if (isReading) return;
      isReading = true;
      replies.whenReadable(() => {
        isReading = false;
        idle.restart();
        const chunk = replies.takeChunk();
        stream.push(chunk ?? null);
        // The end is told of though nobody reads, if there is nothing to be read before it.
        if (chunk === undefined) stream.read(0);
      });
    },
    write(chunk: Uint8Array, _encoding, done) {
      idle.restart();
      if (requests.hasEnded) return done(new BrokenPipe());
      let rest = chunk;
      const send = () => {
        rest = rest.subarray(requests.write(rest));
        if (rest.length === 0) done();
        else requests.whenRoomy(send);
      };
      send();
    },
    final(done) {
      requests.end();
      done();
    },
    destroy(error, done) {
      requests.end();
      replies.destroy();
      idle.stop();
      hold.release();
      done(error);
    },
  });
  const socket = Object.assign(stream, {
    connecting: true,
    remoteAddress: addresses.server.hostname,
    remotePort: addresses.server.port,
    remoteFamily: "IPv4",
    localAddress: addresses.client.hostname,
    localPort: addresses.client.port,
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    setTimeout(ms: number, listener?: () => void) {
      idle.set(ms);
      if (listener !== undefined) stream.once("timeout", listener);
      return socket;
    },
    ref() {
      if (!stream.destroyed) hold.take();
      return socket;
    },
    unref() {
      hold.release();
      return socket;
    },
  });
  hold.take();
  soon(() => {
    if (stream.destroyed) return;
    socket.connecting = false;
    stream.emit("connect");
    stream.emit("ready");
    stream.read(0);
  });
  return socket as unknown as NodeSocket;
}

/** What a write to a connection fails with that the server has ended. */
class BrokenPipe extends Error {
  readonly code = "EPIPE";

  constructor() {
    super("write EPIPE: the server has ended the connection");
  }
}

/** Keeps the process alive, as a socket of a client does until it is told not to. */
class Hold {
  #letGo: (() => void) | undefined;

  take(): void {
    this.#letGo ??= holdProcess();
  }

  release(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }
}

/** Goes off once nothing has happened for some time. */
class IdleTimer {
  readonly #goOff: () => void;
  #ms = 0;
  #timer: Timer | undefined;

  constructor(goOff: () => void) {
    this.#goOff = goOff;
  }

  /** @param ms 0 for never */
  set(ms: number): void {
    this.#ms = ms;
    this.restart();
  }

  restart(): void {
    cancel(this.#timer);
    this.#timer = this.#ms === 0 ? undefined : after(this.#ms, this.#goOff);
  }

  stop(): void {
    this.set(0);
  }
}
