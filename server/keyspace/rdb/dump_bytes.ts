/**
 * What all dumps have in common: they are put together in memory, and end with a footer by which
 * whoever gets one sees that it is whole, and of a version that it knows.
 *
 * ```
 * ┌───────────────────┬─────────────┬──────────────────────────┐
 * │ what was dumped   │ version u16 │ CRC-64 of all before it  │   little-endian
 * └───────────────────┴─────────────┴──────────────────────────┘
 * ```
 */

import { ByteQueue } from "../../../structures/bytes/byte_queue.ts";
import { type ByteView, emptyView } from "../../../structures/bytes/byte_view.ts";
import { Crc64 } from "../../../structures/crc64.ts";
import { writeUint32 } from "../../../structures/listpack/listpack_entry.ts";
import { NEWEST_RDB_VERSION } from "./rdb_format.ts";
import type { ByteSink } from "./rdb_writer.ts";

const VERSION_BYTES = 2;
const CHECKSUM_BYTES = 8;
export const FOOTER_BYTES: number = VERSION_BYTES + CHECKSUM_BYTES;
/** A dump is put together in memory that is kept up to this. */
const KEPT_BYTES = 64 * 1024;

const crc = new Crc64();

/** Takes what is dumped, and hands it out as a whole. */
export class DumpBytes implements ByteSink {
  readonly #queue = new ByteQueue({ initialBytes: KEPT_BYTES, maxBytes: 2 ** 31 });
  readonly #view = emptyView();

  byte(value: number): void {
    const queue = this.#queue;
    queue.reserve(1);
    queue.bytes[queue.tail++] = value;
  }

  bytes(bytes: Uint8Array, start: number, length: number): void {
    this.#queue.append(bytes, start, length);
  }

  /** The first byte. */
  get first(): number {
    const { bytes, head } = this.#queue;
    return bytes[head];
  }

  /**
   * Adds the footer. O(length).
   *
   * @returns the whole, in the same view at every call, valid until {@linkcode DumpBytes.release}
   * @throws {ByteQueueFullError} where it would be longer than 2 GiB
   */
  end(version: number): ByteView {
    const queue = this.#queue;
    queue.reserve(FOOTER_BYTES);
    const { bytes, head } = queue;
    bytes[queue.tail] = version;
    bytes[queue.tail + 1] = version >> 8;
    queue.commit(VERSION_BYTES);
    crc.reset();
    crc.add(bytes, head, queue.length);
    writeUint32(bytes, queue.tail, crc.low);
    writeUint32(bytes, queue.tail + 4, crc.high);
    queue.commit(CHECKSUM_BYTES);
    const view = this.#view;
    view.bytes = bytes;
    view.start = head;
    view.length = queue.length;
    return view;
  }

  /** Lets go of what was taken, which must follow also where taking it threw. */
  release(): void {
    const queue = this.#queue;
    queue.consume(queue.length);
    queue.release();
  }
}

/** Whether bytes end as a dump of a version that is known does. O(length). */
export function isIntactDump(bytes: Uint8Array, start: number, length: number): boolean {
  if (length < FOOTER_BYTES) return false;
  const footer = start + length - FOOTER_BYTES;
  if ((bytes[footer] | bytes[footer + 1] << 8) > NEWEST_RDB_VERSION) return false;
  crc.reset();
  crc.add(bytes, start, length - CHECKSUM_BYTES);
  const at = footer + VERSION_BYTES;
  const low = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
  const high = bytes[at + 4] | bytes[at + 5] << 8 | bytes[at + 6] << 16 | bytes[at + 7] << 24;
  return crc.low === low && crc.high === high;
}
