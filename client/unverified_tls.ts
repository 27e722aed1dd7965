/**
 * TLS to a server whose certificate nobody vouches for. Deno's own connections always check it; Node's
 * part of Deno does not where it is told so.
 */

import type { TLSSocket } from "node:tls";

/** A connection whose peer may be anybody. Rejects where there is none, or no TLS. */
export async function connectUnverified(hostname: string, port: number): Promise<UnverifiedTls> {
  // Loaded only here, as it takes a while.
  const { connect } = await import("node:tls");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host: hostname, port, rejectUnauthorized: false }, resolve);
  socket.once("error", reject);
  try {
    await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  }
  socket.off("error", reject);
  return new UnverifiedTls(socket);
}

class UnverifiedTls {
  readonly #socket: TLSSocket;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What has come and was not read yet. */
  #rest = new Uint8Array();

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    // Whoever reads or writes hears of it.
    socket.on("error", () => {});
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return null;
      this.#rest = new Uint8Array(next.value);
    }
    const count = Math.min(buffer.length, this.#rest.length);
    buffer.set(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      // A copy, as the caller may change its bytes as soon as they are taken.
      this.#socket.write(bytes.slice(), (error) => {
        if (error) reject(error);
        else resolve(bytes.length);
      });
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
