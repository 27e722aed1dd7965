/**
 * Reads ziplists and zipmaps: how Redis kept small collections before it had listpacks, and how old
 * dumps and snapshots have them. Nothing is written in these forms.
 *
 * ```
 * ziplist  ┌───────────┬───────────┬────────┬───────┬ … ┬──────┐
 *          │ bytes u32 │ last u32  │ n u16  │ entry │   │ 0xff │    last: where the last entry is
 *          └───────────┴───────────┴────────┴───────┴ … ┴──────┘    n: 65,535 for "count them"
 * entry    ┌──────────────────┬──────────┬──────┐
 *          │ length of the    │ encoding │ data │
 *          │ entry before     │          │      │
 *          └──────────────────┴──────────┴──────┘
 *            x8, or 254 x32
 * encoding   00llllll │ 01llllll l8 │ 10······ l32     a string; lengths are big-endian
 *            11000000 x16 │ 11010000 x32 │ 11100000 x64 │ 11110000 x24 │ 11111110 x8
 *            1111vvvv  0 … 12, as v - 1               all other numbers little-endian
 *
 * zipmap   ┌──────┬────────┬───────┬────────┬──────┬───────┬────────┬ … ┬──────┐
 *          │ n u8 │ length │ field │ length │ free │ value │ unused │   │ 0xff │   n: 254 and more:
 *          └──────┴────────┴───────┴────────┴──────┴───────┴────────┴ … ┴──────┘   "count them"
 *                   x8, or 254 x32           x8             so many as `free` says
 * ```
 */

import { type ByteView, emptyView } from "../../../structures/bytes/byte_view.ts";
import { writeBigInteger, writeInteger } from "../../../structures/numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../../../structures/numbers/int64.ts";
import { readUint32 } from "../../../structures/listpack/listpack_entry.ts";
import { RdbFormatError } from "./rdb_reader.ts";

const HEADER_BYTES = 10;
const LAST_AT = 4;
const COUNT_AT = 8;
const COUNT_UNKNOWN = 0xffff;
const END = 0xff;
/** The first byte of a length in five. */
const WIDE = 254;

/** Takes the entries of a ziplist or zipmap in their order, each as its text. */
type Visit = (text: ByteView) => void;

const digits = new Uint8Array(MAX_INT64_TEXT);
const text = emptyView();

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new RdbFormatError(problem);
}

/** Visits each entry of a ziplist, which may be anything. O(length). @throws {RdbFormatError} */
export function readZiplist(ziplist: ByteView, visit: Visit): void {
  const { bytes, start, length } = ziplist;
  check(length > HEADER_BYTES, "a ziplist shorter than its header and end");
  check(readUint32(bytes, start) === length, "a ziplist of another length than stated");
  const end = start + length - 1;
  check(bytes[end] === END, "a ziplist without its end");
  let at = start + HEADER_BYTES;
  let last = at;
  let previous = 0;
  let count = 0;
  while (at < end && bytes[at] !== END) {
    const isWide = bytes[at] === WIDE;
    const body = at + (isWide ? 5 : 1);
    check(body < end, "a ziplist's entry that is cut off");
    check((isWide ? readUint32(bytes, at + 1) : bytes[at]) === previous, "a wrong entry length");
    const behind = readEntry(bytes, body, end);
    visit(text);
    last = at;
    previous = behind - at;
    at = behind;
    count++;
  }
  check(at === end, "bytes behind a ziplist's end");
  const statedLast = readUint32(bytes, start + LAST_AT);
  check(count === 0 ? statedLast < length : start + statedLast === last, "a wrong last entry");
  const stated = bytes[start + COUNT_AT] | bytes[start + COUNT_AT + 1] << 8;
  check(stated === COUNT_UNKNOWN || stated === count, "a ziplist with a wrong count");
}

/** Points `text` at the entry whose encoding is at `at`. @returns the index behind the entry */
function readEntry(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first < 0xc0) {
    const header = first < 0x40 ? 1 : first < 0x80 ? 2 : 5;
    check(at + header <= end, "a ziplist's entry that is cut off");
    let length = first & 0x3f;
    if (header === 2) length = length << 8 | bytes[at + 1];
    if (header === 5) {
      length = ((bytes[at + 1] << 24 | bytes[at + 2] << 16 | bytes[at + 3] << 8) |
        bytes[at + 4]) >>> 0;
    }
    check(at + header + length <= end, "a ziplist's entry that reaches over the end");
    point(bytes, at + header, length);
    return at + header + length;
  }
  const width = integerWidth(first);
  check(at + 1 + width <= end, "a ziplist's entry that reaches over the end");
  let value: number | bigint;
  if (width === 0) value = (first & 0x0f) - 1;
  else {
    let low = 0;
    for (let i = 0; i < width && i < 4; i++) low |= bytes[at + 1 + i] << i * 8;
    const shift = width < 4 ? 32 - width * 8 : 0;
    value = low << shift >> shift;
    if (width === 8) {
      const high = readUint32(bytes, at + 5) | 0;
      value = BigInt(high) << 32n | BigInt(low >>> 0);
    }
  }
  const length = typeof value === "number"
    ? writeInteger(digits, 0, value)
    : writeBigInteger(digits, 0, value);
  point(digits, 0, length);
  return at + 1 + width;
}

/** Bytes of an integer's data; 0 where it is in the encoding itself. */
function integerWidth(encoding: number): number {
  switch (encoding) {
    case 0xc0:
      return 2;
    case 0xd0:
      return 4;
    case 0xe0:
      return 8;
    case 0xf0:
      return 3;
    case 0xfe:
      return 1;
  }
  check(encoding > 0xf0 && encoding < 0xfe, "a ziplist's entry of no known encoding");
  return 0;
}

function point(bytes: Uint8Array, start: number, length: number): void {
  text.bytes = bytes;
  text.start = start;
  text.length = length;
}

/**
 * Visits the fields of a zipmap, which may be anything, each with its value behind it. O(length).
 *
 * @throws {RdbFormatError} also where it is empty
 */
export function readZipmap(zipmap: ByteView, visit: Visit): void {
  const { bytes, start, length } = zipmap;
  check(length >= 2, "a zipmap shorter than its header and end");
  const end = start + length - 1;
  check(bytes[end] === END, "a zipmap without its end");
  let at = start + 1;
  let count = 0;
  while (at < end && bytes[at] !== END) {
    at = readPart(bytes, at, end, 0);
    visit(text);
    check(at < end, "a zipmap's field without a value");
    at = readPart(bytes, at, end, 1);
    const unused = bytes[text.start - 1];
    visit(text);
    at += unused;
    check(at <= end, "a zipmap's value that reaches over the end");
    count++;
  }
  check(at === end, "bytes behind a zipmap's end");
  check(count > 0, "an empty zipmap");
  check(bytes[start] >= WIDE || bytes[start] === count, "a zipmap with a wrong count");
}

/** Points `text` behind a length and `skipped` bytes. @returns the index behind the text */
function readPart(bytes: Uint8Array, at: number, end: number, skipped: number): number {
  const isWide = bytes[at] >= WIDE;
  const header = (isWide ? 5 : 1) + skipped;
  check(at + header <= end, "a zipmap's part that is cut off");
  const length = isWide ? readUint32(bytes, at + 1) : bytes[at];
  check(at + header + length <= end, "a zipmap's part that reaches over the end");
  point(bytes, at + header, length);
  return at + header + length;
}
