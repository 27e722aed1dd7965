/**
 * The bytes of requests and of the replies they must get, for each protocol that Ravel speaks. The
 * replies are written here and not by the server's own writers, so that a mistake in those is seen.
 */

import type { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import {
  type RequestArguments,
  writeNativeRequest,
  writeRespRequest,
} from "../../protocol/request_writer.ts";

export const WIRE_PROTOCOLS = ["resp2", "resp3", "native"] as const;
export type WireProtocol = typeof WIRE_PROTOCOLS[number];

/** A reply that a workload expects. */
export type ExpectedReply =
  | { readonly kind: "ok" }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "string"; readonly text: string }
  /** Members with their whole-numbered scores, flat. */
  | { readonly kind: "scored"; readonly members: readonly string[]; readonly scores: number[] };

export function writeRequest(
  out: ByteQueue,
  protocol: WireProtocol,
  request: RequestArguments,
): void {
  if (protocol === "native") writeNativeRequest(out, request);
  else writeRespRequest(out, request);
}

/** Appends the reply's bytes; all texts are ASCII. */
export function writeReply(out: ByteQueue, protocol: WireProtocol, reply: ExpectedReply): void {
  const bytes = protocol === "native"
    ? nativeFrame(reply)
    : encoder.encode(respText(reply, protocol === "resp3"));
  out.append(bytes, 0, bytes.length);
}

const encoder = new TextEncoder();

function respText(reply: ExpectedReply, resp3: boolean): string {
  switch (reply.kind) {
    case "ok":
      return "+OK\r\n";
    case "integer":
      return `:${reply.value}\r\n`;
    case "string":
      return bulkText(reply.text);
    case "scored": {
      const items = reply.members.map((member, i) => {
        const score = String(reply.scores[i]);
        return bulkText(member) + (resp3 ? `,${score}\r\n` : bulkText(score));
      });
      return `*${items.length * 2}\r\n${items.join("")}`;
    }
  }
}

function bulkText(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** Tags of the native protocol's values. */
const NIL = 0;
const STRING = 2;
const INTEGER = 3;
const DOUBLE = 4;
const ARRAY = 5;

function nativeFrame(reply: ExpectedReply): Uint8Array {
  const frame = new NativeWriter();
  switch (reply.kind) {
    case "ok":
      frame.tag(NIL);
      break;
    case "integer":
      frame.tag(INTEGER).integer(reply.value);
      break;
    case "string":
      frame.string(reply.text);
      break;
    case "scored":
      frame.tag(ARRAY).count(reply.members.length * 2);
      reply.members.forEach((member, i) =>
        frame.string(member).tag(DOUBLE).double(reply.scores[i])
      );
  }
  return frame.finish();
}

class NativeWriter {
  readonly #view = new DataView(new ArrayBuffer(4096));
  #at = 4;

  tag(value: number): this {
    this.#view.setUint8(this.#at++, value);
    return this;
  }

  count(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  integer(value: number): this {
    this.#view.setBigInt64(this.#at, BigInt(value), true);
    this.#at += 8;
    return this;
  }

  double(value: number): this {
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
    return this;
  }

  string(text: string): this {
    this.tag(STRING).count(text.length);
    for (let i = 0; i < text.length; i++) this.#view.setUint8(this.#at++, text.charCodeAt(i));
    return this;
  }

  finish(): Uint8Array {
    this.#view.setUint32(0, this.#at - 4, true);
    return new Uint8Array(this.#view.buffer, 0, this.#at);
  }
}
