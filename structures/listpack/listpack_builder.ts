/**
 * Makes the bytes of a listpack (listpack.ts) from texts, one behind the other, in memory of its own:
 * for what comes in another form and is to be a block of the arena only when it is complete.
 */

import { ArenaFullError } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import { EntryDraft, writeUint32 } from "./listpack_entry.ts";
import * as listpackEntry from "./listpack_entry.ts";

const { COUNT_UNKNOWN, END, HEADER_BYTES, MAX_LISTPACK_BYTES } = listpackEntry;

const INITIAL_BYTES = 4096;
/** Memory above this is given back. */
const KEPT_BYTES = 256 * 1024;

/**
 * One builder makes one listpack after another.
 *
 * @example
 * ```ts
 * builder.clear();
 * builder.append(bytes, start, length);
 * const { bytes, length } = builder.finish();
 * ```
 */
export class ListpackBuilder {
  /** Entries so far. */
  count = 0;
  readonly #draft = new EntryDraft();
  readonly #view: ByteView = { bytes: new Uint8Array(INITIAL_BYTES), start: 0, length: 0 };
  #end = HEADER_BYTES;

  /** Begins a listpack. O(1). */
  clear(): void {
    this.count = 0;
    this.#end = HEADER_BYTES;
    if (this.#view.bytes.length > KEPT_BYTES) this.#view.bytes = new Uint8Array(INITIAL_BYTES);
  }

  /** Bytes of the entries so far. */
  get entryBytes(): number {
    return this.#end - HEADER_BYTES;
  }

  /** Adds an entry behind the last. Amortized O(length). @throws {ArenaFullError} where it is too long */
  append(bytes: Uint8Array, start: number, length: number): void {
    const draft = this.#draft;
    draft.setText(bytes, start, length);
    const end = this.#end + draft.byteLength;
    if (end >= MAX_LISTPACK_BYTES) throw new ArenaFullError(`a listpack of ${end} bytes`);
    this.#reserve(end + 1);
    draft.write(this.#view.bytes, this.#end);
    this.#end = end;
    this.count++;
  }

  #reserve(byteLength: number): void {
    const { bytes } = this.#view;
    if (byteLength <= bytes.length) return;
    const larger = new Uint8Array(Math.min(Math.max(bytes.length * 2, byteLength), 2 ** 30 + 1));
    larger.set(bytes.subarray(0, this.#end));
    this.#view.bytes = larger;
  }

  /** The listpack's bytes, valid until the next is begun. O(1). */
  finish(): ByteView {
    const view = this.#view;
    const { bytes } = view;
    bytes[this.#end] = END;
    view.length = this.#end + 1;
    const count = Math.min(this.count, COUNT_UNKNOWN);
    writeUint32(bytes, 0, view.length);
    bytes[4] = count;
    bytes[5] = count >> 8;
    return view;
  }
}
