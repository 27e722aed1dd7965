/** A connection to any server that speaks RESP: requests as words, replies as values. */

import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import type { ReplyValue } from "../../protocol/reply_value.ts";
import { type RequestArguments, writeRespRequest } from "../../protocol/request_writer.ts";
import { Wire } from "./wire.ts";

export class WireClient implements Disposable {
  readonly #decoder = new ReplyDecoder("resp");

  constructor(readonly wire: Wire) {}

  static async connect(port: number, hostname = "127.0.0.1"): Promise<WireClient> {
    return new WireClient(await Wire.connect(port, hostname));
  }

  async call(...request: RequestArguments): Promise<ReplyValue> {
    writeRespRequest(this.wire.output, request);
    await this.wire.flush();
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
