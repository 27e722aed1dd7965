/**
 * The arguments of a script's call as a request's: encoded once, one behind the other, in memory that
 * all calls use in turn.
 *
 * ```
 * redis.call("SET", key, 1e8)  ──▶  bytes    SET user:1 1e+8
 *                                   offsets  0   3      9         lengths  3 6 4
 * ```
 */

import { MAX_DOUBLE_BYTES, writeShortestDouble } from "../../structures/numbers/double_text.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import { writeLatin1 } from "../platform/latin1.ts";

const INITIAL_BYTES = 4096;
const INITIAL_ARGUMENTS = 64;
/** A buffer that is larger goes when the script ends. */
const KEPT_BYTES = 1024 * 1024;
const KEPT_ARGUMENTS = 64 * 1024;

const MINUS = 0x2d;

export class ScriptArguments {
  /** Bytes of the arguments that were encoded last. */
  byteLength = 0;
  #bytes = withView(new Uint8Array(INITIAL_BYTES));
  #offsets = new Int32Array(INITIAL_ARGUMENTS);
  #lengths = new Int32Array(INITIAL_ARGUMENTS);

  /**
   * Encodes the values, and points `args` at them until the next call. O(bytes).
   *
   * @returns false where one is neither a string nor a number
   */
  encode(values: readonly LuaValue[], args: Arguments): boolean {
    const count = values.length;
    if (count > this.#offsets.length) this.#reserveArguments(count);
    const offsets = this.#offsets;
    const lengths = this.#lengths;
    let bytes: Uint8Array<ArrayBuffer> = this.#bytes;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i];
      offsets[i] = at;
      if (typeof value === "string") {
        const { length } = value;
        if (at + length > bytes.length) bytes = this.#reserve(at, length);
        writeLatin1(bytes, at, value);
        at += length;
      } else if (typeof value === "number") {
        if (at + MAX_DOUBLE_BYTES > bytes.length) bytes = this.#reserve(at, MAX_DOUBLE_BYTES);
        at = writeNumber(bytes, at, value);
      } else return false;
      lengths[i] = at - offsets[i];
    }
    this.byteLength = at;
    args.bytes = bytes;
    args.offsets = offsets;
    args.lengths = lengths;
    args.base = 0;
    args.count = count;
    return true;
  }

  /** Gives back memory that a large call has needed. */
  trim(): void {
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = withView(new Uint8Array(INITIAL_BYTES));
    if (this.#offsets.length > KEPT_ARGUMENTS) {
      this.#offsets = new Int32Array(INITIAL_ARGUMENTS);
      this.#lengths = new Int32Array(INITIAL_ARGUMENTS);
    }
  }

  /** Makes room behind the first `used` bytes, which are kept. */
  #reserve(used: number, needed: number): Uint8Array<ArrayBuffer> {
    const larger = withView(new Uint8Array(Math.max(2 * this.#bytes.length, used + needed)));
    larger.set(this.#bytes.subarray(0, used));
    return this.#bytes = larger;
  }

  #reserveArguments(count: number): void {
    const size = Math.max(2 * this.#offsets.length, count);
    this.#offsets = new Int32Array(size);
    this.#lengths = new Int32Array(size);
  }
}

/** As Redis prints the numbers of scripts: with the fewest digits, what is none with its sign. */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  if (!Number.isNaN(value)) return writeShortestDouble(bytes, at, value);
  bytes[at] = MINUS;
  return writeShortestDouble(bytes, at + 1, value);
}
