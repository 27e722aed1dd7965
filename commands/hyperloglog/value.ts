/**
 * The string of a key as a HyperLogLog. A client can write any bytes into it, so each call looks
 * whether they are one before it believes them; the registers are checked where they are gone
 * through.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";
import { type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import { mergeDense, writeDense } from "../../structures/hyperloglog/dense_registers.ts";
import {
  CACHE_BYTE,
  DENSE,
  DENSE_BYTES,
  ENCODING_BYTE,
  HEADER_BYTES,
  REGISTER_COUNT,
  SPARSE,
} from "../../structures/hyperloglog/hyperloglog_layout.ts";
import { clearSparse, mergeSparse } from "../../structures/hyperloglog/sparse_registers.ts";

const NOT_A_HYPERLOGLOG = new ErrorReply(
  "WRONGTYPE Key is not a valid HyperLogLog string value.",
);
export const CORRUPTED = new ErrorReply("INVALIDOBJ Corrupted HLL object detected");

/** Registers have changed. */
export const PFADD: KeyEvent = event("string", "pfadd");

/** `HYLL`. */
const MAGIC = [0x48, 0x59, 0x4c, 0x4c];
/** No sparse string is longer: each register has a run of its own, of two bytes. */
const MAX_SPARSE_BYTES = HEADER_BYTES + 2 * REGISTER_COUNT;
const CACHE_BYTES = 8;
/** Bit of the last byte of the cached estimate that says that it is out of date. */
const OUT_OF_DATE = 0x80;

/** Registers as bytes, while they are put together. */
export const registers: Uint8Array = new Uint8Array(REGISTER_COUNT);

/** @throws {ErrorReply} the string is no HyperLogLog */
export function checkHyperLogLog({ bytes, length, start }: ByteView): void {
  if (length < HEADER_BYTES) throw NOT_A_HYPERLOGLOG;
  for (let i = 0; i < MAGIC.length; i++) {
    if (bytes[start + i] !== MAGIC[i]) throw NOT_A_HYPERLOGLOG;
  }
  const encoding = bytes[start + ENCODING_BYTE];
  if (encoding === DENSE) {
    if (length !== DENSE_BYTES) throw NOT_A_HYPERLOGLOG;
  } else if (encoding !== SPARSE) throw NOT_A_HYPERLOGLOG;
  else if (length > MAX_SPARSE_BYTES) throw CORRUPTED;
}

/** Whether a HyperLogLog has dense registers. */
export function isDense({ bytes, start }: ByteView): boolean {
  return bytes[start + ENCODING_BYTE] === DENSE;
}

/**
 * Raises {@linkcode registers} to those of the key in argument `i`.
 *
 * @returns its value, if any  @throws {ErrorReply} it is no HyperLogLog, or a corrupted one
 */
export function mergeKey(call: Call, i: number): ByteView | undefined {
  const value = call.keyspace.strings.read(call, i);
  if (value === undefined) return undefined;
  checkHyperLogLog(value);
  const { bytes, length, start } = value;
  if (isDense(value)) mergeDense(bytes, start, registers);
  else if (!mergeSparse(bytes, start, length, registers)) throw CORRUPTED;
  return value;
}

/** Writes the header of a HyperLogLog over zeros: what it has cached, 0, is right. */
function writeHeader(bytes: Uint8Array, start: number, encoding: number): void {
  for (let i = 0; i < MAGIC.length; i++) bytes[start + i] = MAGIC[i];
  bytes[start + ENCODING_BYTE] = encoding;
}

/** Makes an opened string of zeros a HyperLogLog of nothing, with sparse registers. */
export function writeEmptySparse({ bytes, start }: ByteView): void {
  writeHeader(bytes, start, SPARSE);
  clearSparse(bytes, start);
}

/** Makes an opened string of zeros one with {@linkcode registers}, dense. */
export function writeNewDense({ bytes, start }: ByteView): void {
  writeHeader(bytes, start, DENSE);
  writeDense(bytes, start, registers);
}

/** Notes that what is cached is not the estimate any more. */
export function expireCache({ bytes, start }: ByteView): void {
  bytes[start + CACHE_BYTE + CACHE_BYTES - 1] |= OUT_OF_DATE;
}

/** Whether the cached estimate is right. */
export function isCached({ bytes, start }: ByteView): boolean {
  return (bytes[start + CACHE_BYTE + CACHE_BYTES - 1] & OUT_OF_DATE) === 0;
}

/**
 * Gives the opened, sparse HyperLogLog of an entry dense registers, {@linkcode registers}.
 *
 * @throws {ArenaFullError} nothing has changed
 */
export function replaceByDense({ keyspace }: Call, entry: Ref): void {
  const { arena, stringEdits, strings } = keyspace;
  const block = arena.allocate(DENSE_BYTES);
  const bytes = arena.bytes[block >>> SEGMENT_SHIFT];
  const start = (block & SEGMENT_MASK) << 3;
  const sparse = strings.view(entry);
  copyBytes(bytes, start, sparse.bytes, sparse.start, HEADER_BYTES);
  bytes[start + ENCODING_BYTE] = DENSE;
  writeDense(bytes, start, registers);
  stringEdits.exchange(entry, block, DENSE_BYTES);
}

/**
 * Makes the registers of an entry's opened, sparse HyperLogLog dense ones.
 *
 * @returns whether they are; false where they are corrupted, and nothing has changed
 * @throws {ArenaFullError}
 */
export function makeDense(call: Call, entry: Ref): boolean {
  const { bytes, length, start } = call.keyspace.strings.view(entry);
  registers.fill(0);
  if (!mergeSparse(bytes, start, length, registers)) return false;
  replaceByDense(call, entry);
  return true;
}
