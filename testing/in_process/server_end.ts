/** The server's end of a connection within the process: a socket like any other to it. */

import type { NetAddress, Socket } from "../../server/platform/socket.ts";
import type { Pipe } from "./pipe.ts";

export class ServerEnd implements Socket {
  readonly remoteAddr: NetAddress;
  readonly localAddr: NetAddress;
  readonly #received: Pipe;
  readonly #sent: Pipe;

  /**
   * @param received what the client sends
   * @param sent what it is sent
   */
  constructor(received: Pipe, sent: Pipe, remoteAddr: NetAddress, localAddr: NetAddress) {
    this.#received = received;
    this.#sent = sent;
    this.remoteAddr = remoteAddr;
    this.localAddr = localAddr;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    const received = this.#received;
    await new Promise<void>((resolve) => received.whenReadable(resolve));
    return received.readInto(buffer);
  }

  async write(bytes: Uint8Array): Promise<number> {
    const sent = this.#sent;
    while (!sent.hasRoom) await new Promise<void>((resolve) => sent.whenRoomy(resolve));
    return sent.write(bytes);
  }

  /** What was sent can still be read; what comes is dropped. */
  close(): void {
    this.#received.destroy();
    this.#sent.end();
  }
}
