// A raw connection to any server that speaks RESP: requests as words, replies as the exact bytes.

import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { writeRespRequest } from "../../protocol/request_writer.ts";
import { ByteQueue } from "../../structures/byte_queue.ts";

const MAX_BYTES = 1024 * 1024 * 1024;

/** One connection. Strings are sent as UTF-8; replies come back with a character for each byte. */
export class Peer implements Disposable {
  readonly #input = new ByteQueue({ initialBytes: 4096, maxBytes: MAX_BYTES });
  readonly #output = new ByteQueue({ initialBytes: 4096, maxBytes: MAX_BYTES });
  readonly #decoder = new ReplyDecoder("resp");

  private constructor(readonly connection: Deno.TcpConn) {}

  static async connect(port: number, hostname = "127.0.0.1"): Promise<Peer> {
    return new Peer(await Deno.connect({ hostname, port }));
  }

  /** Sends one request and awaits its reply, byte for byte. */
  async ask(...request: readonly (string | Uint8Array)[]): Promise<string> {
    this.queue(...request);
    await this.flush();
    return await this.receive();
  }

  /** Adds a request to what flush() sends, for pipelines. */
  queue(...request: readonly (string | Uint8Array)[]): void {
    writeRespRequest(this.#output, request);
  }

  /** Sends bytes as they are. */
  async send(bytes: Uint8Array | string): Promise<void> {
    const raw = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    this.#output.append(raw, 0, raw.length);
    await this.flush();
  }

  async flush(): Promise<void> {
    const output = this.#output;
    while (output.length > 0) {
      output.consume(
        await this.connection.write(output.bytes.subarray(output.head, output.tail)),
      );
    }
  }

  /** The next reply, byte for byte. Rejects when the server closes the connection instead. */
  async receive(): Promise<string> {
    const input = this.#input;
    let raw = "";
    for (;;) {
      const { bytes, head, tail } = input;
      const reply = this.#decoder.decode(input);
      const consumed = tail - head - input.length;
      raw += textOf(bytes.subarray(head, head + consumed));
      if (reply !== undefined) return raw;
      if (!await this.#read()) throw new Error("the server closed the connection");
    }
  }

  async #read(): Promise<boolean> {
    const input = this.#input;
    input.reserve(4096);
    const count = await this.connection.read(input.bytes.subarray(input.tail));
    if (count !== null) input.commit(count);
    return count !== null;
  }

  /** Everything that the server still sends until it closes the connection. */
  async receiveRest(): Promise<string> {
    while (await this.#read());
    const { bytes, head, tail } = this.#input;
    return textOf(bytes.subarray(head, tail));
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}
