/**
 * Replies as text, the way redis-cli prints them, because people and scripts know how to read that.
 *
 * Pretty, for terminals: every value says its type, aggregates are numbered, and items of nested
 * ones stand below each other.
 *
 * ```
 * 1) "a"                  1# "key" => (integer) 1
 * 2) 1) (integer) 1       2# "list" =>
 *    2) (nil)                1) "a"
 * ```
 *
 * Raw, for programs: strings are the bytes they are, items are separated by line breaks, keys of
 * maps from their values by a space.
 *
 * Both are written to a queue of bytes, since a raw string may be anything but text.
 */

import {
  ReplyBigNumber,
  ReplyDouble,
  ReplyError,
  ReplyMap,
  ReplyPush,
  ReplySet,
  type ReplyValue,
  ReplyVerbatim,
} from "../protocol/reply_value.ts";
import { utf8Length, writeUtf8 } from "../protocol/utf8.ts";
import type { ByteQueue } from "../structures/bytes/byte_queue.ts";

export type ReplyStyle = "pretty" | "raw";

/**
 * Appends a reply and the line break behind it. `asText` is for replies that are text made for
 * reading, such as that of INFO: they appear as they are in both styles, without another line
 * break. Throws ByteQueueFullError. O(bytes).
 */
export function formatReply(
  out: ByteQueue,
  value: ReplyValue,
  style: ReplyStyle,
  asText = false,
): void {
  if (asText) return writeRaw(out, value);
  if (style === "raw") writeRaw(out, value);
  else writePretty(out, value, "");
  appendText(out, "\n");
}

/** Appends text as UTF-8. */
function appendText(out: ByteQueue, text: string): void {
  const length = utf8Length(text);
  out.reserve(length);
  out.tail = writeUtf8(out.bytes, out.tail, text, length);
}

function writeRaw(out: ByteQueue, value: ReplyValue): void {
  if (value === null) return;
  if (value instanceof Uint8Array) return out.append(value, 0, value.length);
  if (Array.isArray(value)) return writeRawItems(out, value);
  if (value instanceof ReplySet || value instanceof ReplyPush) {
    return writeRawItems(out, value.items);
  }
  if (value instanceof ReplyMap) {
    value.entries.forEach(([key, item], i) => {
      if (i > 0) appendText(out, "\n");
      writeRaw(out, key);
      appendText(out, " ");
      writeRaw(out, item);
    });
  } else if (value instanceof ReplyError) {
    appendText(out, `${value.message}\n`);
  } else if (value instanceof ReplyVerbatim) {
    appendText(out, value.text);
  } else if (value instanceof ReplyDouble) {
    appendText(out, value.text);
  } else if (value instanceof ReplyBigNumber) {
    appendText(out, String(value.value));
  } else {
    appendText(out, typeof value === "boolean" ? `(${value})` : String(value));
  }
}

function writeRawItems(out: ByteQueue, items: readonly ReplyValue[]): void {
  items.forEach((item, i) => {
    if (i > 0) appendText(out, "\n");
    writeRaw(out, item);
  });
}

/** Writes a value whose first line begins somewhere already; further ones begin with `indent`. */
function writePretty(out: ByteQueue, value: ReplyValue, indent: string): void {
  if (value === null) appendText(out, "(nil)");
  else if (value instanceof Uint8Array) writeQuoted(out, value);
  else if (typeof value === "string") appendText(out, value);
  else if (typeof value === "boolean") appendText(out, `(${value})`);
  else if (value instanceof ReplyError) appendText(out, `(error) ${value.message}`);
  else if (value instanceof ReplyDouble) appendText(out, `(double) ${value.text}`);
  else if (value instanceof ReplyBigNumber) appendText(out, `(big number) ${value.value}`);
  else if (value instanceof ReplyVerbatim) appendText(out, value.text);
  else if (value instanceof ReplyMap) writePrettyMap(out, value, indent);
  else if (value instanceof ReplySet) writePrettyItems(out, value.items, "~", "set", indent);
  else if (value instanceof ReplyPush) writePrettyItems(out, value.items, ")", "push", indent);
  else if (Array.isArray(value)) writePrettyItems(out, value, ")", "array", indent);
  else appendText(out, `(integer) ${value}`);
}

function writePrettyItems(
  out: ByteQueue,
  items: readonly ReplyValue[],
  mark: string,
  kind: string,
  indent: string,
): void {
  if (items.length === 0) return appendText(out, `(empty ${kind})`);
  const numbers = new Numbers(items.length, mark, indent);
  items.forEach((item, i) => {
    numbers.write(out, i);
    writePretty(out, item, numbers.innerIndent);
  });
}

function writePrettyMap(out: ByteQueue, map: ReplyMap, indent: string): void {
  if (map.entries.length === 0) return appendText(out, "(empty hash)");
  const numbers = new Numbers(map.entries.length, "#", indent);
  map.entries.forEach(([key, value], i) => {
    numbers.write(out, i);
    writePretty(out, key, numbers.innerIndent);
    appendText(out, isTall(value) ? ` => \n${numbers.innerIndent}` : " => ");
    writePretty(out, value, numbers.innerIndent);
  });
}

/** The numbers in front of an aggregate's items, all as wide as the last one. */
class Numbers {
  readonly #digits: number;
  readonly #mark: string;
  readonly #indent: string;
  /** How far what belongs to an item is indented. */
  readonly innerIndent: string;

  constructor(count: number, mark: string, indent: string) {
    this.#digits = String(count).length;
    this.#mark = mark;
    this.#indent = indent;
    this.innerIndent = indent + " ".repeat(this.#digits + 2);
  }

  write(out: ByteQueue, index: number): void {
    const number = String(index + 1).padStart(this.#digits);
    appendText(out, `${index > 0 ? `\n${this.#indent}` : ""}${number}${this.#mark} `);
  }
}

/** Whether a value takes more than one numbered line; in a map it then begins below its key. Keys do not count. */
function isTall(value: ReplyValue): boolean {
  const items = value instanceof ReplySet || value instanceof ReplyPush ? value.items : value;
  if (Array.isArray(items)) return items.length > 1 || (items.length === 1 && isTall(items[0]));
  if (!(value instanceof ReplyMap) || value.entries.length === 0) return false;
  return value.entries.length > 1 || isTall(value.entries[0][1]);
}

const LOWER_HEX = "0123456789abcdef";
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The letters of the escapes that have one. */
const ESCAPE_LETTERS: ReadonlyMap<number, string> = new Map([
  [DOUBLE_QUOTE, '"'],
  [BACKSLASH, "\\"],
  [0x0a, "n"],
  [0x0d, "r"],
  [0x09, "t"],
  [0x07, "a"],
  [0x08, "b"],
]);

const ESCAPED_BYTES_MAX = 4;
const CHUNK_BYTES = 4096;

/** A string in double quotes that words of a command line would read back as the same bytes. */
function writeQuoted(out: ByteQueue, bytes: Uint8Array): void {
  appendText(out, '"');
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const end = Math.min(start + CHUNK_BYTES, bytes.length);
    out.reserve((end - start) * ESCAPED_BYTES_MAX);
    for (let i = start; i < end; i++) writeEscaped(out, bytes[i]);
  }
  appendText(out, '"');
}

/** One byte of a quoted string; the caller has made room for four. */
function writeEscaped(out: ByteQueue, byte: number): void {
  const plain = byte >= 0x20 && byte < 0x7f && byte !== DOUBLE_QUOTE && byte !== BACKSLASH;
  if (plain) {
    out.bytes[out.tail++] = byte;
    return;
  }
  const letter = ESCAPE_LETTERS.get(byte) ?? `x${LOWER_HEX[byte >> 4]}${LOWER_HEX[byte & 15]}`;
  out.bytes[out.tail++] = BACKSLASH;
  for (let i = 0; i < letter.length; i++) out.bytes[out.tail++] = letter.charCodeAt(i);
}
