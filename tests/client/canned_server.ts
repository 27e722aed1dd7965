// A server that gives the reply it was told to give, whatever it is asked, so that any client can be
// shown any reply. Requests must be RESP arrays and arrive whole, which short ones do.

const HELLO_REPLY = "%1\r\n$5\r\nproto\r\n:3\r\n";

export class CannedServer implements AsyncDisposable {
  /** What the next request is answered with, a character for each byte. */
  reply = "+OK\r\n";
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  #request = Promise.withResolvers<void>();

  constructor() {
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Settles with the next request that comes. */
  requested(): Promise<void> {
    return this.#request.promise;
  }

  /** Ends every connection; new ones are welcome. */
  dropConnections(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }

  async #accept(): Promise<void> {
    const served: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      served.push(this.#serve(connection));
    }
    await Promise.all(served);
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    const request = new Uint8Array(64 * 1024);
    try {
      for (;;) {
        const length = await connection.read(request);
        if (length === null) break;
        this.#request.resolve();
        this.#request = Promise.withResolvers();
        const text = new TextDecoder().decode(request.subarray(0, length));
        const requests = text.split(/(?=\*\d+\r\n\$)/);
        const replies = requests.map((request) =>
          /\bHELLO\b/i.test(request) ? HELLO_REPLY : this.reply
        );
        const reply = bytesOf(replies.join(""));
        for (let at = 0; at < reply.length;) at += await connection.write(reply.subarray(at));
      }
    } catch {
      // The client is gone, or dropConnections() was faster.
    }
    if (this.#connections.delete(connection)) connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.dropConnections();
    await this.#accepting;
  }
}

/** A byte for each character. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
