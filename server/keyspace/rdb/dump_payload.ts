/**
 * Dumps: a value by itself, as DUMP answers and RESTORE takes it, between servers of any version.
 *
 * ```
 * ┌──────┬─────────────────┬────────┐
 * │ type │ value           │ footer │   dump_bytes.ts
 * └──────┴─────────────────┴────────┘
 * ```
 *
 * Type and value are as in a snapshot (value_writer.ts).
 */

import type { Ref } from "../../../structures/arena/arena.ts";
import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import type { DetachedValue } from "../detached_value.ts";
import type { Keyspace } from "../keyspace.ts";
import { DumpBytes, FOOTER_BYTES, isIntactDump } from "./dump_bytes.ts";
import { NEWEST_RDB_VERSION, RDB_VERSION, ValueType } from "./rdb_format.ts";
import { RdbFormatError, RdbReader } from "./rdb_reader.ts";
import { ValueReader } from "./value_reader.ts";
import { ValueWriter } from "./value_writer.ts";

/** Makes and reads the dumps of a keyspace, one at a time. */
export class Dumps {
  /** Payloads whose values were looked through, from the first entry to the last. */
  checked = 0;
  readonly #dump = new DumpBytes();
  readonly #writer: ValueWriter;
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
    const dump = this.#dump;
    const writer = this.#writer;
    writer.compresses = compresses;
    writer.writeType(entry);
    writer.write(entry);
    return dump.end(dump.first < ValueType.ExpiringHash ? RDB_VERSION : NEWEST_RDB_VERSION);
  }

  /** Whether bytes end as a dump of a version that is known does. O(length). */
  isIntact(bytes: Uint8Array, start: number, length: number): boolean {
    return isIntactDump(bytes, start, length);
  }

  /**
   * Reads the value of an intact dump into `value`, whose text, where it is one, is valid until
   * {@linkcode Dumps.release}. What stands behind the value is not looked at, as in Redis. O(value).
   *
   * @throws {RdbFormatError} where it is none, {@linkcode ArenaFullError}; nothing is left of it then
   */
  read(bytes: Uint8Array, start: number, length: number, value: DetachedValue): void {
    const reader = this.#reader;
    this.checked++;
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
    this.#reader.release();
    this.#dump.release();
  }
}
