/**
 * Standard output, written at once and in order: what a program prints and what a line editor draws
 * must not overtake each other.
 */

import type { ReplyValue } from "../protocol/reply_value.ts";
import { ByteQueue } from "../structures/bytes/byte_queue.ts";
import { files } from "../server/platform/platform.ts";
import { formatReply, type ReplyStyle } from "./format.ts";

const MAX_REPLY_TEXT_BYTES = 2 ** 31;

const encoder = new TextEncoder();

/** Writes all bytes to standard output. Throws when nobody reads them; {@linkcode kindOf} knows that. */
export function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += files.standardOutput.writeSync(bytes.subarray(at));
}

export function writeText(text: string): void {
  write(encoder.encode(text));
}

/** Prints a reply as formatReply() has it. */
export function writeReply(value: ReplyValue, style: ReplyStyle, asText = false): void {
  const out = new ByteQueue({ initialBytes: 256, maxBytes: MAX_REPLY_TEXT_BYTES });
  formatReply(out, value, style, asText);
  write(out.bytes.subarray(out.head, out.tail));
}

/** A complaint about the client's own affairs, to standard error. */
export function complain(line: string): void {
  const bytes = encoder.encode(`ravel: ${line}\n`);
  try {
    files.standardError.writeSync(bytes);
  } catch {
    // Nobody reads it.
  }
}
