/**
 * A connection with what is still to be sent and what has come and is not yet read: the part
 * that peers of every protocol share.
 */

import { ByteQueue } from "../../structures/bytes/byte_queue.ts";

const MAX_BYTES = 1024 * 1024 * 1024;
/** A peer that stays silent for so long while something is awaited has failed the test. */
const DEADLINE_MS = 30_000;

export class Wire implements Disposable {
  readonly input = new ByteQueue({ initialBytes: 4096, maxBytes: MAX_BYTES });
  readonly output = new ByteQueue({ initialBytes: 4096, maxBytes: MAX_BYTES });
  #closed = false;

  private constructor(readonly connection: Deno.Conn) {}

  /** Over a connection that is there already: TLS, a Unix socket. */
  static over(connection: Deno.Conn): Wire {
    return new Wire(connection);
  }

  static async connect(port: number, hostname: string): Promise<Wire> {
    return new Wire(await Deno.connect({ hostname, port }));
  }

  /** Sends all of the output. */
  async flush(): Promise<void> {
    const { output } = this;
    while (output.length > 0) {
      output.consume(await this.connection.write(output.bytes.subarray(output.head, output.tail)));
    }
  }

  /** Adds what comes next to the input; false when the server has closed the connection. */
  async read(): Promise<boolean> {
    const { input } = this;
    input.reserve(4096);
    const timer = setTimeout(() => this[Symbol.dispose](), DEADLINE_MS);
    try {
      const count = await this.connection.read(input.bytes.subarray(input.tail));
      if (count !== null) input.commit(count);
      return count !== null;
    } catch (error) {
      throw this.#closed ? new Error(`nothing came within ${DEADLINE_MS} ms`) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** As {@linkcode Wire.read}, where more has to come. */
  async readMore(): Promise<void> {
    if (!await this.read()) throw new Error("the server closed the connection");
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.connection.close();
  }
}
