/**
 * A run of strings that lie one behind the other as entries of a listpack, seen at once: who writes
 * all of them somewhere does it in one loop, instead of moving a cursor and a view for each.
 *
 * ```
 * bytes   │ hdr │ string │ bl │ hdr │ string │ bl │ integer ends the run
 *               ▲ starts[0]         ▲ starts[1]
 *               └ lengths[0]
 * ```
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { ByteRun } from "../bytes/byte_run.ts";
import { backlenBytes, bodyBytes, isIntegerEntry, stringHeaderBytes } from "./listpack_entry.ts";

const NO_BYTES: Bytes = new Uint8Array(0);
/** Most strings of a run. */
const MAX_RUN = 128;

/**
 * See the top of the file. The arrays are reused by each scan.
 *
 * @example
 * ```ts
 * const run = new EntryRun();
 * run.scan(bytes, firstEntry, behindLastEntry, 10);
 * for (let i = 0; i < run.count; i++) print(bytes, run.starts[i], run.lengths[i]);
 * ```
 */
export class EntryRun implements ByteRun {
  bytes: Bytes = NO_BYTES;
  count = 0;
  totalBytes = 0;
  readonly starts: Int32Array = new Int32Array(MAX_RUN);
  readonly lengths: Int32Array = new Int32Array(MAX_RUN);
  /** Offset behind the last entry of the run. */
  end = 0;

  /** Sees the strings from the entry at `at` on, up to `end`, to an integer, or to `most`. O(those). */
  scan(bytes: Bytes, at: number, end: number, most: number): void {
    const { starts, lengths } = this;
    const limit = most < MAX_RUN ? most : MAX_RUN;
    let count = 0;
    let total = 0;
    let entry = at;
    while (count < limit && entry < end && !isIntegerEntry(bytes, entry)) {
      const body = bodyBytes(bytes, entry);
      const header = stringHeaderBytes(bytes, entry);
      starts[count] = entry + header;
      lengths[count] = body - header;
      total += body - header;
      count++;
      entry += body + backlenBytes(body);
    }
    this.bytes = bytes;
    this.count = count;
    this.totalBytes = total;
    this.end = entry;
  }
}
