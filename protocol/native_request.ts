/**
 * Requests of the native protocol. A frame is a length and a payload, all integers little-endian:
 *
 * ```
 * ┌────────────┬─────────────────────────────────────────────────────────┐
 * │ u32 length │ payload: a command line, UTF-8 words as typed           │
 * └────────────┼──────────┬───────────┬───────┬───────────┬───────┬──────┤
 *          or: │ u32 argc │ u32 bytes │ bytes │ u32 bytes │ bytes │  …   │
 *              └──────────┴───────────┴───────┴───────────┴───────┴──────┘
 * ```
 *
 * A payload of four bytes or more whose first u32 is at most 1,048,576 is a vector: four printable
 * bytes are never that small. The length comes first, so nothing is looked at before the payload is
 * complete, and a frame needs no parse state between reads.
 */

import type { RequestBatch } from "./arguments.ts";
import { splitWords } from "./inline_request.ts";
import * as inlineRequest from "./inline_request.ts";
import type { DecoderLimits } from "./request_limits.ts";
import * as requestLimits from "./request_limits.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { UNBALANCED_QUOTES } = inlineRequest;
const { UNAUTHENTICATED_BULK_BYTES, UNAUTHENTICATED_MULTIBULK } = requestLimits;

/** Largest payload. */
const MAX_NATIVE_PAYLOAD = 64 * 1024 * 1024;

/** Bytes of the frame's length. */
export const NATIVE_HEADER_BYTES = 4;

/** The largest first u32 that makes a payload an argument vector. */
const MAX_NATIVE_ARGUMENTS = 1024 * 1024;

const UNAUTHENTICATED_PAYLOAD = 4 +
  UNAUTHENTICATED_MULTIBULK * (4 + UNAUTHENTICATED_BULK_BYTES);

/** The little-endian u32 at `at`. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0;
}

/** Why a frame of this payload length is refused, "" if it is not. */
export function nativeLengthError(length: number, authenticated: boolean): string {
  if (length > MAX_NATIVE_PAYLOAD) return "ERR Protocol error: invalid frame length";
  if (!authenticated && length > UNAUTHENTICATED_PAYLOAD) {
    return "ERR Protocol error: unauthenticated frame length";
  }
  return "";
}

/**
 * Appends the request in the complete payload from `start` to `end` to the batch; an empty one adds
 * nothing. Returns "" or the error. O(end - start).
 */
export function decodeNativePayload(
  batch: RequestBatch,
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: DecoderLimits,
  authenticated: boolean,
): string {
  if (end - start >= 4) {
    const argc = readUint32(bytes, start);
    if (argc <= MAX_NATIVE_ARGUMENTS) {
      return decodeVector(batch, bytes, start + 4, end, argc, limits, authenticated);
    }
  }
  const first = batch.first[batch.count];
  const index = splitWords(batch, first, bytes, start, end, limits.maxMultibulk);
  if (index < 0) {
    return index === UNBALANCED_QUOTES
      ? "ERR Protocol error: unbalanced quotes in request"
      : "ERR Protocol error: too many arguments";
  }
  if (index > first) batch.finish(index);
  else batch.markEmpty();
  return "";
}

function decodeVector(
  batch: RequestBatch,
  bytes: Uint8Array,
  start: number,
  end: number,
  argc: number,
  limits: DecoderLimits,
  authenticated: boolean,
): string {
  if (argc > limits.maxMultibulk || argc * 4 > end - start) {
    return "ERR Protocol error: invalid argument count";
  }
  if (!authenticated && argc > UNAUTHENTICATED_MULTIBULK) {
    return "ERR Protocol error: unauthenticated argument count";
  }
  const maxBytes = authenticated ? limits.maxBulkBytes : UNAUTHENTICATED_BULK_BYTES;
  let index = batch.first[batch.count];
  batch.reserve(index + argc);
  const { offsets, lengths } = batch;
  let at = start;
  for (let left = argc; left > 0; left--) {
    if (end - at < 4) return "ERR Protocol error: invalid argument length";
    const length = readUint32(bytes, at);
    at += 4;
    if (length > end - at) return "ERR Protocol error: invalid argument length";
    if (length > maxBytes) {
      return authenticated
        ? "ERR Protocol error: invalid argument length"
        : "ERR Protocol error: unauthenticated argument length";
    }
    offsets[index] = at;
    lengths[index] = length;
    index++;
    at += length;
  }
  if (at !== end) return "ERR Protocol error: bytes after the last argument";
  if (argc > 0) batch.finish(index);
  else batch.markEmpty();
  return "";
}
