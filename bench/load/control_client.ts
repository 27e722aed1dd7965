/**
 * The connection on which a bench prepares a server: single questions, and data in bulk.
 *
 * Bulk data goes out in windows of a few hundred requests; what comes back must be, byte for byte,
 * the replies that go with them.
 *
 * ```
 * requests   ──▶ [ r1 r2 … r500 ] ──▶ server
 * expected        [ a1 a2 … a500 ]  =  bytes read?   otherwise WrongReplyError
 * ```
 */

import type { EndpointSocket } from "../../client/platform/network.ts";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { ReplyError, type ReplyValue } from "../../protocol/reply_value.ts";
import { type RequestArguments, writeRespRequest } from "../../protocol/request_writer.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { connectToServer, localServer, type ReachedServer } from "./reached_server.ts";
import { WrongReplyError } from "./wrong_reply.ts";

const WINDOW_REQUESTS = 500;
const MAX_BYTES = 256 * 1024 * 1024;
const READ_BYTES = 64 * 1024;

/** A request with the reply, in RESP2, that it must get. */
export interface CheckedRequest {
  readonly request: RequestArguments;
  readonly reply: string;
}

export class ControlClient implements Disposable {
  readonly #connection: EndpointSocket;
  readonly #input = new ByteQueue({ initialBytes: READ_BYTES, maxBytes: MAX_BYTES });
  readonly #output = new ByteQueue({ initialBytes: READ_BYTES, maxBytes: MAX_BYTES });
  readonly #expected = new ByteQueue({ initialBytes: READ_BYTES, maxBytes: MAX_BYTES });
  readonly #decoder = new ReplyDecoder("resp");

  private constructor(connection: EndpointSocket) {
    this.#connection = connection;
  }

  static connect(hostname: string, port: number): Promise<ControlClient> {
    return ControlClient.reach(localServer(port, hostname));
  }

  static async reach(server: ReachedServer): Promise<ControlClient> {
    return new ControlClient(await connectToServer(server));
  }

  /** One request and its reply. Rejects with an Error when the reply is an error. */
  async ask(...request: RequestArguments): Promise<ReplyValue> {
    writeRespRequest(this.#output, request);
    await this.#send();
    for (;;) {
      const reply = this.#decoder.decode(this.#input);
      if (reply instanceof ReplyError) throw new Error(`${String(request[0])}: ${reply.message}`);
      if (reply !== undefined) return reply;
      await this.#receive();
    }
  }

  /** Sends all requests and checks each reply. Rejects with a WrongReplyError at the first other. */
  async load(requests: Iterable<CheckedRequest>): Promise<void> {
    let waiting = 0;
    for (const { request, reply } of requests) {
      writeRespRequest(this.#output, request);
      const bytes = encoder.encode(reply);
      this.#expected.append(bytes, 0, bytes.length);
      if (++waiting === WINDOW_REQUESTS) {
        await this.#exchange();
        waiting = 0;
      }
    }
    await this.#exchange();
  }

  async #exchange(): Promise<void> {
    await this.#send();
    const expected = this.#expected;
    const input = this.#input;
    while (expected.length > 0) {
      if (input.length === 0) await this.#receive();
      const count = Math.min(input.length, expected.length);
      for (let i = 0; i < count; i++) {
        if (input.bytes[input.head + i] !== expected.bytes[expected.head + i]) {
          throw new WrongReplyError(
            "bulk loading",
            expected.bytes.subarray(expected.head, expected.tail),
            input.bytes.subarray(input.head, input.tail),
          );
        }
      }
      input.consume(count);
      expected.consume(count);
    }
  }

  async #send(): Promise<void> {
    const output = this.#output;
    while (output.length > 0) {
      const { bytes, head, tail } = output;
      output.consume(await this.#connection.write(bytes.subarray(head, tail)));
    }
  }

  async #receive(): Promise<void> {
    const input = this.#input;
    input.reserve(READ_BYTES);
    const count = await this.#connection.read(input.bytes.subarray(input.tail));
    if (count === null) throw new Error("the server closed the connection");
    input.commit(count);
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

const encoder = new TextEncoder();
