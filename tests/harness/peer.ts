/**
 * A raw connection to any server that speaks RESP: requests as words, replies as the exact bytes.
 */

import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { writeRespRequest } from "../../protocol/request_writer.ts";
import { Wire } from "./wire.ts";

/** One connection. Strings are sent as UTF-8; replies come back with a character for each byte. */
export class Peer implements Disposable {
  readonly #decoder = new ReplyDecoder("resp");

  private constructor(readonly wire: Wire) {}

  static async connect(port: number, hostname = "127.0.0.1"): Promise<Peer> {
    return new Peer(await Wire.connect(port, hostname));
  }

  static over(connection: Deno.Conn): Peer {
    return new Peer(Wire.over(connection));
  }

  get connection(): Deno.Conn {
    return this.wire.connection;
  }

  /** Sends one request and awaits its reply, byte for byte. */
  async ask(...request: readonly (string | Uint8Array)[]): Promise<string> {
    this.queue(...request);
    await this.flush();
    return await this.receive();
  }

  /** Adds a request to what flush() sends, for pipelines. */
  queue(...request: readonly (string | Uint8Array)[]): void {
    writeRespRequest(this.wire.output, request);
  }

  /** Sends bytes as they are. */
  async send(bytes: Uint8Array | string): Promise<void> {
    const raw = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    this.wire.output.append(raw, 0, raw.length);
    await this.flush();
  }

  async flush(): Promise<void> {
    await this.wire.flush();
  }

  /** The next reply, byte for byte. Rejects when the server closes the connection instead. */
  async receive(): Promise<string> {
    const { input } = this.wire;
    let raw = "";
    for (;;) {
      const { bytes, head, tail } = input;
      const reply = this.#decoder.decode(input);
      const consumed = tail - head - input.length;
      raw += textOf(bytes.subarray(head, head + consumed));
      if (reply !== undefined) return raw;
      await this.wire.readMore();
    }
  }

  /** Everything that the server still sends until it closes the connection. */
  async receiveRest(): Promise<string> {
    while (await this.wire.read());
    const { bytes, head, tail } = this.wire.input;
    return textOf(bytes.subarray(head, tail));
  }

  [Symbol.dispose](): void {
    this.wire[Symbol.dispose]();
  }
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}
