/**
 * A connection in the native protocol: requests as argument vectors or command lines, replies as
 * values.
 */

import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import type { ReplyValue } from "../../protocol/reply_value.ts";
import {
  type RequestArguments,
  writeNativeCommandLine,
  writeNativeRequest,
} from "../../protocol/request_writer.ts";
import { Wire } from "./wire.ts";

export class NativePeer implements Disposable {
  readonly #decoder = new ReplyDecoder("native");

  private constructor(readonly wire: Wire) {}

  static async connect(port: number, hostname = "127.0.0.1"): Promise<NativePeer> {
    return new NativePeer(await Wire.connect(port, hostname));
  }

  /** Sends an argument vector and awaits its reply. */
  async ask(...request: readonly (string | Uint8Array)[]): Promise<ReplyValue> {
    this.queue(request);
    await this.flush();
    return await this.receive();
  }

  /** Sends a command line and awaits its reply. */
  async askLine(line: string): Promise<ReplyValue> {
    this.queue(line);
    await this.flush();
    return await this.receive();
  }

  /** Adds a command line or an argument vector to what flush() sends, for pipelines. */
  queue(request: string | RequestArguments): void {
    if (typeof request === "string") writeNativeCommandLine(this.wire.output, request);
    else writeNativeRequest(this.wire.output, request);
  }

  async flush(): Promise<void> {
    await this.wire.flush();
  }

  /** The next reply. */
  async receive(): Promise<ReplyValue> {
    for (;;) {
      const reply = this.#decoder.decode(this.wire.input);
      if (reply !== undefined) return reply;
      await this.wire.readMore();
    }
  }

  [Symbol.dispose](): void {
    this.wire[Symbol.dispose]();
  }
}
