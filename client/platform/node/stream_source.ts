/** Bytes from one of Node's streams, for who asks for them piece by piece. */

import type { Readable } from "node:stream";
import type { ByteSource } from "../terminal.ts";

export class StreamSource implements ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What has come and was not read yet. */
  #rest = new Uint8Array();

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
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
}
