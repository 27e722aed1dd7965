/**
 * Dumps: a value by itself, as DUMP answers and RESTORE takes it, between servers of any version.
 *
 * ```
 * ┌──────┬─────────────────┬─────────────┬──────────────────────────┐
 * │ type │ value           │ version u16 │ CRC-64 of all before it  │   little-endian
 * └──────┴─────────────────┴─────────────┴──────────────────────────┘
 * ```
 *
 * Type and value are as in a snapshot (value_writer.ts).
 */

import type { Ref } from "../../../structures/arena/arena.ts";
import { type ByteView, emptyView } from "../../../structures/bytes/byte_view.ts";
import { ByteQueue } from "../../../structures/bytes/byte_queue.ts";
import { Crc64 } from "../../../structures/crc64.ts";
import { writeUint32 } from "../../../structures/listpack/listpack_entry.ts";
import type { DetachedValue } from "../detached_value.ts";
import type { Keyspace } from "../keyspace.ts";
import { NEWEST_RDB_VERSION, RDB_VERSION, ValueType } from "./rdb_format.ts";
import { RdbFormatError, RdbReader } from "./rdb_reader.ts";
import type { ByteSink } from "./rdb_writer.ts";
import { ValueReader } from "./value_reader.ts";
import { ValueWriter } from "./value_writer.ts";

const VERSION_BYTES = 2;
const CHECKSUM_BYTES = 8;
const FOOTER_BYTES = VERSION_BYTES + CHECKSUM_BYTES;
/** A dump is put together in memory that is kept up to this. */
const KEPT_BYTES = 64 * 1024;

/** A queue that bytes are only put into, and that is looked at as a whole. */
class DumpBytes implements ByteSink {
  readonly queue = new ByteQueue({ initialBytes: KEPT_BYTES, maxBytes: 2 ** 31 });

  byte(value: number): void {
    const { queue } = this;
    queue.reserve(1);
    queue.bytes[queue.tail++] = value;
  }

  bytes(bytes: Uint8Array, start: number, length: number): void {
    this.queue.append(bytes, start, length);
  }
}

/** Makes and reads the dumps of a keyspace, one at a time. */
export class Dumps {
  readonly #dump = new DumpBytes();
  readonly #crc = new Crc64();
  readonly #writer: ValueWriter;
  readonly #view = emptyView();
  readonly #reader = new RdbReader();
  readonly #values: ValueReader;

  constructor(keyspace: Keyspace) {
    this.#writer = new ValueWriter(keyspace, this.#dump, true);
    this.#values = new ValueReader(keyspace);
  }

  /**
   * The dump of an entry's value, in the same view at every call, valid until
   * {@linkcode Dumps.release}, which must follow also where this throws. O(value).
   *
   * @param compresses whether strings are compressed
   * @throws {ByteQueueFullError} where it would be longer than 2 GiB
   */
  write(entry: Ref, compresses: boolean): ByteView {
    const { queue } = this.#dump;
    const crc = this.#crc;
    const writer = this.#writer;
    writer.compresses = compresses;
    writer.writeType(entry);
    writer.write(entry);
    queue.reserve(FOOTER_BYTES);
    const { bytes, head } = queue;
    const version = bytes[head] < ValueType.ExpiringHash ? RDB_VERSION : NEWEST_RDB_VERSION;
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

  /** Whether bytes end as a dump of a version that is known does. O(length). */
  isIntact(bytes: Uint8Array, start: number, length: number): boolean {
    if (length < FOOTER_BYTES) return false;
    const footer = start + length - FOOTER_BYTES;
    if ((bytes[footer] | bytes[footer + 1] << 8) > NEWEST_RDB_VERSION) return false;
    const crc = this.#crc;
    crc.reset();
    crc.add(bytes, start, length - CHECKSUM_BYTES);
    const at = footer + VERSION_BYTES;
    const low = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    const high = bytes[at + 4] | bytes[at + 5] << 8 | bytes[at + 6] << 16 | bytes[at + 7] << 24;
    return crc.low === low && crc.high === high;
  }

  /**
   * Reads the value of an intact dump into `value`, whose text, where it is one, is valid until
   * {@linkcode Dumps.release}. What stands behind the value is not looked at, as in Redis. O(value).
   *
   * @throws {RdbFormatError} where it is none, {@linkcode ArenaFullError}; nothing is left of it then
   */
  read(bytes: Uint8Array, start: number, length: number, value: DetachedValue): void {
    const reader = this.#reader;
    const values = this.#values;
    reader.show(bytes, start, start + length - FOOTER_BYTES);
    values.begin(reader.byte());
    if (!values.advance(reader, value)) {
      values.abandon();
      throw new RdbFormatError("a value that is cut off");
    }
    if (value.isEmpty) throw new RdbFormatError("a collection without elements");
  }

  /** Lets go of what was read from or written. */
  release(): void {
    const { queue } = this.#dump;
    this.#reader.release();
    queue.consume(queue.length);
    queue.release();
  }
}
