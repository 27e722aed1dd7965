/**
 * One connection to a server. Requests may be sent before earlier ones are answered: replies come
 * in the order of the requests, so a queue of waiting callers is all the bookkeeping.
 *
 * ```
 * ask(A) ask(B) ──▶ waiting [A, B]        socket ──▶ decoder ──▶ reply for A, then for B
 *                                                         └────▶ onMessage: what nobody asked for
 * ```
 *
 * What nobody asked for are push messages, and everything that comes while nobody waits: messages
 * to a RESP2 subscriber, and what MONITOR shows.
 */

import { ReplyDecoder, ReplyFormatError } from "../protocol/client_decoder.ts";
import { ReplyPush, type ReplyValue } from "../protocol/reply_value.ts";
import {
  type RequestArguments,
  writeNativeRequest,
  writeRespRequest,
} from "../protocol/request_writer.ts";
import { ByteQueue } from "../structures/bytes/byte_queue.ts";
import type { Endpoint } from "./endpoint.ts";
import type { EndpointSocket } from "./platform/network.ts";
import { network } from "./platform/platform.ts";
import { textOf } from "./words.ts";

/** The connection ended before the reply had come. */
export class ConnectionLostError extends Error {
  override name = "ConnectionLostError";
}

export interface ConnectionOptions {
  readonly endpoint: Endpoint;
  readonly native: boolean;
  /** Called for replies that answer no request. */
  readonly onMessage: (message: ReplyValue) => void;
}

const READ_BYTES = 64 * 1024;
const MAX_REPLY_BYTES = 2 ** 31;
const MAX_REQUEST_BYTES = 2 ** 30;

/** Requests that may wait at the same time. */
const MAX_WAITING = 1024;

/** Kinds of pushes that RESP3 sends in place of a reply. */
const SUBSCRIPTION = /^[ps]?(un)?subscribe$/i;

interface Waiting {
  readonly subscription: boolean;
  readonly resolve: (reply: ReplyValue) => void;
  readonly reject: (error: Error) => void;
}

export class Connection {
  readonly #socket: EndpointSocket;
  readonly #options: ConnectionOptions;
  readonly #decoder: ReplyDecoder;
  readonly #input = new ByteQueue({ initialBytes: READ_BYTES, maxBytes: MAX_REPLY_BYTES });
  readonly #waiting: Waiting[] = [];
  #sending: Promise<void> = Promise.resolve();
  #ended = false;
  /** Settles when the connection has ended, with the reason if that was no plain end. */
  readonly closed: Promise<string | undefined>;

  private constructor(socket: EndpointSocket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#decoder = new ReplyDecoder(options.native ? "native" : "resp");
    this.closed = this.#receive();
  }

  /** Connects. Rejects with what the runtime rejects with. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    return new Connection(await network.connect(options.endpoint), options);
  }

  /** Sends a request and awaits its reply. Rejects with ConnectionLostError. */
  ask(request: RequestArguments): Promise<ReplyValue> {
    if (this.#ended) return Promise.reject(new ConnectionLostError("the connection is closed"));
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new Error(`more than ${MAX_WAITING} requests wait for their replies`));
    }
    const name = request[0];
    const subscription = SUBSCRIPTION.test(typeof name === "string" ? name : textOf(name));
    const bytes = this.#encode(request);
    const reply = new Promise<ReplyValue>((resolve, reject) => {
      this.#waiting.push({ subscription, resolve, reject });
    });
    // A failed write is seen by the reader too, which tells everyone who waits.
    this.#sending = this.#sending.then(() => this.#send(bytes)).catch(() => {});
    return reply;
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.close();
  }

  #encode(request: RequestArguments): Uint8Array {
    const out = new ByteQueue({ initialBytes: 512, maxBytes: MAX_REQUEST_BYTES });
    if (this.#options.native) writeNativeRequest(out, request);
    else writeRespRequest(out, request);
    return out.bytes.subarray(out.head, out.tail);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#socket.write(bytes.subarray(at));
  }

  /** Reads until the end, and tells those who still wait then. */
  async #receive(): Promise<string | undefined> {
    let reason: string | undefined;
    const input = this.#input;
    try {
      for (;;) {
        input.release();
        input.reserve(READ_BYTES);
        const count = await this.#socket.read(input.bytes.subarray(input.tail));
        if (count === null) break;
        input.commit(count);
        for (;;) {
          const reply = this.#decoder.decode(input);
          if (reply === undefined) break;
          const answered = this.#deliver(reply);
          // Whoever was answered acts on it before the next message does.
          if (answered && input.length > 0) await nextTask();
        }
      }
    } catch (error) {
      if (!this.#ended) reason = this.#describe(error);
    }
    this.close();
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new ConnectionLostError(reason ?? "the server closed the connection"));
    }
    return reason;
  }

  #describe(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ReplyFormatError)) return message;
    const protocol = this.#options.native ? "the native protocol" : "RESP";
    return `the server's reply is not ${protocol}: ${message}`;
  }

  /** Hands a reply to whom it belongs; true if it answers a request. */
  #deliver(reply: ReplyValue): boolean {
    const message = reply instanceof ReplyPush && !this.#answersSubscription(reply);
    const waiting = message ? undefined : this.#waiting.shift();
    if (waiting === undefined) this.#options.onMessage(reply);
    else waiting.resolve(reply);
    return waiting !== undefined;
  }

  #answersSubscription(push: ReplyPush): boolean {
    if (this.#waiting[0]?.subscription !== true) return false;
    const kind = push.items[0];
    if (typeof kind === "string") return SUBSCRIPTION.test(kind);
    return kind instanceof Uint8Array && SUBSCRIPTION.test(textOf(kind));
  }
}

/** Settles after everything that promises have set in motion. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
