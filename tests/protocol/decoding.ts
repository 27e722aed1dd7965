/**
 * What the decoder's tests share: decoding whole byte strings, in one piece or in many.
 */

import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { Arguments, RequestBatch } from "../../protocol/arguments.ts";
import { type DecoderLimits, DecodeStatus, RequestDecoder } from "../../protocol/decoder.ts";

/** What holds for one client. */
export interface ClientLimits extends DecoderLimits {
  authenticated: boolean;
}

export function limits(changes: Partial<ClientLimits> = {}): ClientLimits {
  return {
    maxBulkBytes: 512 * 1024 * 1024,
    maxMultibulk: 1024 * 1024,
    maxInlineBytes: 64 * 1024,
    authenticated: true,
    ...changes,
  };
}

export function inputQueue(): ByteQueue {
  return new ByteQueue({ initialBytes: 16, maxBytes: 1 << 30 });
}

/** Bytes of a string whose characters are all below U+0100. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The reverse of bytesOf(). */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export interface Decoded {
  /** Every request's arguments, as bytesOf() takes them. */
  requests: string[][];
  /** The error, "" if there was none. */
  error: string;
  /** Bytes left in the input. */
  left: number;
  protocol: string;
}

/** A connection's input side: bytes go in, requests come out. */
export class DecodingPeer {
  readonly input = inputQueue();
  readonly decoder: RequestDecoder;
  readonly requests: string[][] = [];

  readonly #limits: ClientLimits;
  readonly #batch: RequestBatch;

  constructor(limits: ClientLimits, batch: RequestBatch = new RequestBatch()) {
    this.#limits = limits;
    this.#batch = batch;
    this.decoder = new RequestDecoder(limits);
  }

  /** Feeds the decoder and takes every request that is complete by then. */
  receive(bytes: Uint8Array): DecodeStatus {
    this.input.append(bytes, 0, bytes.length);
    const args = new Arguments();
    for (;;) {
      this.#batch.clear();
      const status = this.decoder.decode(this.input, this.#batch, this.#limits.authenticated);
      for (let r = 0; r < this.#batch.count; r++) {
        this.#batch.view(args, r);
        this.requests.push(
          Array.from({ length: args.count }, (_, i) => textOf(args.copy(i))),
        );
      }
      if (status !== DecodeStatus.Full) return status;
    }
  }

  get decoded(): Decoded {
    return {
      requests: this.requests,
      error: this.decoder.error,
      left: this.input.length,
      protocol: this.decoder.protocol,
    };
  }
}

/** Decodes the chunks one after the other, up to the first error. */
export function decodeChunks(
  chunks: Iterable<Uint8Array>,
  under: ClientLimits = limits(),
  batch?: RequestBatch,
): Decoded {
  const peer = new DecodingPeer(under, batch);
  for (const chunk of chunks) {
    if (peer.receive(chunk) === DecodeStatus.Failed) break;
  }
  return peer.decoded;
}

/** Decodes text in one piece. */
export function decodeText(text: string, under?: ClientLimits): Decoded {
  return decodeChunks([bytesOf(text)], under);
}

export function* singleBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** A native frame around a payload. */
export function nativeFrame(payload: string): string {
  return uint32(payload.length) + payload;
}

/** A native frame with an argument vector. */
export function nativeVector(...args: string[]): string {
  return nativeFrame(uint32(args.length) + args.map((a) => uint32(a.length) + a).join(""));
}

/** A little-endian u32. */
export function uint32(value: number): string {
  return String.fromCharCode(value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24);
}

/** A RESP array of bulk strings. */
export function resp(...args: string[]): string {
  return `*${args.length}\r\n` + args.map((a) => `$${a.length}\r\n${a}\r\n`).join("");
}
