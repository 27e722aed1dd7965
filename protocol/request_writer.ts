/**
 * The client's side of a request: one function per form that the decoder reads. Used by the
 * command-line client, the bench and the tests.
 */

import type { ByteQueue } from "../structures/bytes/byte_queue.ts";
import { writeInteger } from "../structures/numbers/decimal.ts";
import { writeUint32 } from "./native_reply.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";

/** A request: the command's name and its arguments, strings as UTF-8. */
export type RequestArguments = readonly (string | Uint8Array)[];

const CR = 0x0d;
const LF = 0x0a;
const STAR = 0x2a;
const DOLLAR = 0x24;
const LINE_BYTES = 24;

/** Appends a RESP array of bulk strings. Throws ByteQueueFullError. */
export function writeRespRequest(out: ByteQueue, request: RequestArguments): void {
  writeLine(out, STAR, request.length);
  for (const argument of request) {
    const length = typeof argument === "string" ? utf8Length(argument) : argument.length;
    writeLine(out, DOLLAR, length);
    writeArgument(out, argument, length);
    out.reserve(2);
    out.bytes[out.tail] = CR;
    out.bytes[out.tail + 1] = LF;
    out.commit(2);
  }
}

/** Appends a native frame with an argument vector. Throws ByteQueueFullError. */
export function writeNativeRequest(out: ByteQueue, request: RequestArguments): void {
  out.reserve(8);
  // The queue may move while the frame grows, so its place is kept relative to the first byte.
  const frame = out.length;
  writeUint32(out.bytes, out.tail + 4, request.length);
  out.commit(8);
  for (const argument of request) {
    const length = typeof argument === "string" ? utf8Length(argument) : argument.length;
    out.reserve(4);
    writeUint32(out.bytes, out.tail, length);
    out.commit(4);
    writeArgument(out, argument, length);
  }
  writeUint32(out.bytes, out.head + frame, out.length - frame - 4);
}

/** Appends a native frame with a command line as a person would type it. */
export function writeNativeCommandLine(out: ByteQueue, line: string): void {
  const length = utf8Length(line);
  out.reserve(4);
  writeUint32(out.bytes, out.tail, length);
  out.commit(4);
  writeArgument(out, line, length);
}

function writeLine(out: ByteQueue, type: number, value: number): void {
  out.reserve(LINE_BYTES);
  const { bytes, tail } = out;
  bytes[tail] = type;
  const end = writeInteger(bytes, tail + 1, value);
  bytes[end] = CR;
  bytes[end + 1] = LF;
  out.tail = end + 2;
}

function writeArgument(out: ByteQueue, argument: string | Uint8Array, length: number): void {
  if (typeof argument === "string") {
    out.reserve(length);
    out.tail = writeUtf8(out.bytes, out.tail, argument, length);
  } else {
    out.append(argument, 0, length);
  }
}
