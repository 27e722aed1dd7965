/**
 * A run of entries that lie one behind the other in a listpack, seen at once: who writes all of them
 * somewhere does it in one loop, instead of moving a cursor and a view for each.
 *
 * ```
 * bytes   │ hdr │ string │ bl │ integer │ bl │ hdr │ string │ bl │ hdr │ string │ bl │
 *               ▲ starts[0]                        ▲ starts[2]     └─ not asked for ─┘
 *               └ lengths[0]                       └ lengths[2]
 *         starts[1] is the integer, lengths[1] says so
 * ```
 *
 * Entries may belong together, as a field and its value do: those form a group, of which only some
 * may be asked for. A run ends between groups, before one with an integer of more than 32 bits.
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type ByteRun, NUMBER_LENGTH } from "../bytes/byte_run.ts";
import { MAX_INT32_TEXT } from "../numbers/int64.ts";
import {
  backlenBytes,
  bodyBytes,
  isIntegerEntry,
  isWideEntry,
  numberOfEntry,
  stringHeaderBytes,
} from "./listpack_entry.ts";

const NO_BYTES: Bytes = new Uint8Array(0);
/** Most entries of a run, */
const MAX_RUN = 128;
/** and a run of so many bytes takes no further group. */
const FULL_RUN_BYTES = 16 * 1024;

/** First byte of most strings, with their length, which is below SHORT_STRINGS, in its other bits; */
const SHORT_STRING = 0x80;
const SHORT_STRINGS = 64;
/** and what such an entry takes beside the string. */
const SHORT_STRING_OVERHEAD = 2;

/** Every entry of a listpack of single elements, as a mask of those of a group. */
export const EACH = 1;

/**
 * See the top of the file. The arrays are reused by each scan.
 *
 * @example
 * ```ts
 * const run = new EntryRun();
 * run.scan(bytes, firstEntry, behindLastEntry, 10, 1, EACH);
 * for (let i = 0; i < run.count; i++) print(bytes, run.starts[i], run.lengths[i]);
 * ```
 */
export class EntryRun implements ByteRun {
  bytes: Bytes = NO_BYTES;
  count = 0;
  totalBytes = 0;
  readonly starts: Int32Array = new Int32Array(MAX_RUN);
  readonly lengths: Int32Array = new Int32Array(MAX_RUN);
  /** Groups that the run consists of. */
  groups = 0;
  /** Offset behind the last entry of the run. */
  end = 0;

  /** Shows nothing. O(1). */
  clear(): void {
    this.bytes = NO_BYTES;
    this.count = 0;
    this.totalBytes = 0;
    this.groups = 0;
  }

  /**
   * Sees the groups from the one at `at` on, up to `end`, or to `most`. O(those).
   *
   * @param size entries of a group
   * @param wanted which of them are asked for: bit 0 for the first
   */
  scan(
    bytes: Bytes,
    at: number,
    end: number,
    most: number,
    size: number,
    wanted: number,
  ): void {
    const { starts, lengths } = this;
    const limit = Math.min(most, Math.floor(MAX_RUN / size));
    const behind = 1 << size;
    let count = 0;
    let total = 0;
    let groups = 0;
    let group = at;
    let seen = 0;
    let entry = at;
    let bit = 1;
    while (groups < limit && entry < end && total < FULL_RUN_BYTES) {
      const isAsked = (wanted & bit) !== 0;
      const short = bytes[entry] ^ SHORT_STRING;
      if (short < SHORT_STRINGS) {
        if (isAsked) {
          starts[seen] = entry + 1;
          lengths[seen++] = short;
          total += short;
        }
        entry += short + SHORT_STRING_OVERHEAD;
      } else {
        const body = bodyBytes(bytes, entry);
        if (isAsked) {
          if (!isIntegerEntry(bytes, entry)) {
            const header = stringHeaderBytes(bytes, entry);
            starts[seen] = entry + header;
            lengths[seen] = body - header;
            total += body - header;
          } else {
            if (isWideEntry(bytes, entry)) break;
            starts[seen] = numberOfEntry(bytes, entry);
            lengths[seen] = NUMBER_LENGTH;
            total += MAX_INT32_TEXT;
          }
          seen++;
        }
        entry += body + backlenBytes(body);
      }
      bit <<= 1;
      if (bit === behind) {
        bit = 1;
        groups++;
        count = seen;
        group = entry;
      }
    }
    this.bytes = bytes;
    this.count = count;
    this.totalBytes = total;
    this.groups = groups;
    this.end = group;
  }
}
