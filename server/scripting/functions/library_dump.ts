/**
 * Dumps of libraries, as FUNCTION DUMP answers and FUNCTION RESTORE takes them, between servers of any
 * version:
 *
 * ```
 * ┌─────────┬──────────────────┬───┬─────────┬──────┬────────┐
 * │ Library │ text of a library│ … │ Library │ text │ footer │
 * └─────────┴──────────────────┴───┴─────────┴──────┴────────┘
 * ```
 *
 * Texts are strings of the RDB format, so that long ones are compressed; the footer is every dump's
 * (keyspace/rdb/dump_bytes.ts). A snapshot has libraries in the same form.
 */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import {
  bytesOfByteString,
  type ByteString,
  byteStringOf,
} from "../../../structures/bytes/byte_string.ts";
import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import { DumpBytes, FOOTER_BYTES, isIntactDump } from "../../keyspace/rdb/dump_bytes.ts";
import { Opcode, RDB_VERSION } from "../../keyspace/rdb/rdb_format.ts";
import { RdbFormatError, RdbReader } from "../../keyspace/rdb/rdb_reader.ts";
import { RdbWriter } from "../../keyspace/rdb/rdb_writer.ts";

const WRONG_FOOTER = new ErrorReply("ERR DUMP payload version or checksum are wrong");
const EARLY_LIBRARY = new ErrorReply("ERR Pre-GA function format not supported");
const NO_LIBRARY = new ErrorReply("ERR given type is not a function");
const BAD_TEXT = new ErrorReply("ERR Failed loading library payload");

/** Makes and reads such dumps, one at a time. */
export class LibraryDumps {
  readonly #dump = new DumpBytes();
  readonly #writer = new RdbWriter(this.#dump, true);
  readonly #reader = new RdbReader();

  /**
   * The dump of libraries, whose texts are given; valid until {@linkcode LibraryDumps.release}, which
   * must follow also where this throws. O(bytes).
   *
   * @param compresses whether texts are compressed
   */
  write(texts: Iterable<ByteString>, compresses: boolean): ByteView {
    const writer = this.#writer;
    writer.compresses = compresses;
    for (const text of texts) {
      const bytes = bytesOfByteString(text);
      writer.byte(Opcode.Library);
      writer.text(bytes, 0, bytes.length);
    }
    return this.#dump.end(RDB_VERSION);
  }

  /** The texts in a dump, each when it is asked for. O(bytes). @throws {ErrorReply} where it is none */
  *read(bytes: Uint8Array, start: number, length: number): Generator<ByteString> {
    if (!isIntactDump(bytes, start, length)) throw WRONG_FOOTER;
    const reader = this.#reader;
    reader.show(bytes, start, start + length - FOOTER_BYTES);
    while (!reader.isAtEnd) {
      const opcode = reader.byte();
      if (opcode === Opcode.EarlyLibrary) throw EARLY_LIBRARY;
      if (opcode !== Opcode.Library) throw NO_LIBRARY;
      yield this.#readText();
    }
  }

  #readText(): ByteString {
    const reader = this.#reader;
    try {
      if (!reader.readString()) throw BAD_TEXT;
    } catch (error) {
      throw error instanceof RdbFormatError ? BAD_TEXT : error;
    }
    const { bytes, length, start } = reader.text;
    return byteStringOf(bytes, start, length);
  }

  /** Lets go of what was written or read from. */
  release(): void {
    this.#reader.release();
    this.#dump.release();
  }
}
