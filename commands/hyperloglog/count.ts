/** The estimate of a HyperLogLog: computed, cached and answered. */

import type { Reply } from "../../protocol/reply.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { countDense } from "../../structures/hyperloglog/dense_registers.ts";
import { countRegisters, estimate } from "../../structures/hyperloglog/estimate.ts";
import { CACHE_BYTE, REGISTER_VALUES } from "../../structures/hyperloglog/hyperloglog_layout.ts";
import { countSparse } from "../../structures/hyperloglog/sparse_registers.ts";
import { CORRUPTED, isDense, registers } from "./value.ts";

const TWO_32 = 2 ** 32;
const TWO_63 = 2 ** 63;

const histogram = new Int32Array(REGISTER_VALUES);

/** The estimate of one HyperLogLog. @throws {ErrorReply} its registers are corrupted */
export function estimateOf(value: ByteView): number {
  const { bytes, length, start } = value;
  histogram.fill(0);
  if (isDense(value)) countDense(bytes, start, histogram);
  else if (!countSparse(bytes, start, length, histogram)) throw CORRUPTED;
  return estimate(histogram);
}

/** The estimate of what `registers` stand for. */
export function estimateOfRegisters(): number {
  histogram.fill(0);
  countRegisters(registers, histogram);
  return estimate(histogram);
}

/**
 * Caches an estimate. One that has more than 63 bits is cached as the least number, which says that
 * nothing is cached.
 */
export function writeCache({ bytes, start }: ByteView, value: number): void {
  let low = value >= TWO_63 ? 0 : value % TWO_32;
  let high = value >= TWO_63 ? TWO_63 / TWO_32 : Math.floor(value / TWO_32);
  for (let i = 0; i < 4; i++) {
    bytes[start + CACHE_BYTE + i] = low;
    bytes[start + CACHE_BYTE + 4 + i] = high;
    low = Math.floor(low / 256);
    high = Math.floor(high / 256);
  }
}

/** Replies with the estimate that is cached. */
export function replyCached(reply: Reply, { bytes, start }: ByteView): void {
  let low = 0;
  let high = 0;
  for (let i = 3; i >= 0; i--) {
    low = low * 256 + bytes[start + CACHE_BYTE + i];
    high = high * 256 + bytes[start + CACHE_BYTE + 4 + i];
  }
  const value = high * TWO_32 + low;
  // A client may have written a number that no double holds.
  if (Number.isSafeInteger(value)) reply.integer(value);
  else reply.bigInteger(BigInt(high) << 32n | BigInt(low));
}

/** Replies with an estimate, and in place of one that has more than 63 bits with the least number. */
export function replyEstimate(reply: Reply, value: number): void {
  if (Number.isSafeInteger(value)) reply.integer(value);
  else reply.bigInteger(value >= TWO_63 ? -BigInt(TWO_63) : BigInt(value));
}
