/**
 * Registers as runs of equal ones, which is short while most of them are 0:
 *
 * ```
 * zeros        00nnnnnn              n + 1 registers that are 0      up to 64
 * many zeros   01nnnnnn nnnnnnnn     n + 1, the upper bits first     up to 16,384
 * values       1vvvvvnn              n + 1 that are v + 1            up to 4, of 1 to 32
 * ```
 *
 * Raising a register splits the run that it is in; behind that, runs of equal values that stand next
 * to each other become one, as far as one can hold them. Which bytes come of it is for all to see,
 * so it is done as Redis does it, step by step.
 *
 * A client may have written anything here. Runs of more or fewer registers than there are make the
 * string {@linkcode CORRUPT}, and so does a run whose second byte is missing.
 */

import * as layout from "./hyperloglog_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { HEADER_BYTES, REGISTER_COUNT } = layout;

/** Values above this need dense registers. */
const MAX_VALUE = 32;
const MAX_VALUE_RUN = 4;
const MAX_ZERO_RUN = 64;
const MANY_ZEROS = 0x40;
const VALUES = 0x80;
const KIND = 0xc0;
/** Bytes of the longest that one run is split into: many zeros, a value, many zeros. */
const MAX_SPLIT_BYTES = 5;
/** Bytes by which raising one register makes a string longer, at most. */
export const MAX_GROWTH_BYTES = 3;
/** Runs that are looked at for others to join, from the one before the changed one on. */
const JOINED_RUNS = 5;

// What is wrong, in the place of a length.
/** These are no registers. */
export const CORRUPT = -1;
/** The register cannot be raised here: dense ones are needed. */
export const TOO_LARGE = -2;
/** The register has as much already. */
export const UNCHANGED = -3;

/** What a run is split into. */
const split = new Uint8Array(MAX_SPLIT_BYTES);

/** Writes the runs of no elements behind a header. @returns the length of the string */
export function clearSparse(bytes: Uint8Array, start: number): number {
  const at = start + HEADER_BYTES;
  return writeZeros(bytes, at, REGISTER_COUNT) - start;
}

/** How long the string is that {@linkcode clearSparse} writes. */
export const EMPTY_SPARSE_BYTES = HEADER_BYTES + 2;

function isManyZeros(byte: number): boolean {
  return (byte & KIND) === MANY_ZEROS;
}

/** What a run that ends behind the string is said to have: more registers than there are. */
const TOO_MANY = REGISTER_COUNT + 1;

/** How many registers the run at `at` has, of a string that ends before `end`. */
function runLength(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at];
  if (byte >= VALUES) return (byte & 3) + 1;
  if (byte < MANY_ZEROS) return byte + 1;
  return at + 1 < end ? ((byte & 63) << 8 | bytes[at + 1]) + 1 : TOO_MANY;
}

/** The value of a run whose first byte this is. */
function valueOf(byte: number): number {
  return byte >= VALUES ? (byte >> 2 & 31) + 1 : 0;
}

function writeValue(bytes: Uint8Array, at: number, value: number, length: number): number {
  bytes[at] = VALUES | (value - 1) << 2 | (length - 1);
  return at + 1;
}

function writeZeros(bytes: Uint8Array, at: number, length: number): number {
  if (length <= MAX_ZERO_RUN) {
    bytes[at] = length - 1;
    return at + 1;
  }
  bytes[at] = MANY_ZEROS | (length - 1) >> 8;
  bytes[at + 1] = length - 1;
  return at + 2;
}

function writeRun(bytes: Uint8Array, at: number, value: number, length: number): number {
  if (length === 0) return at;
  return value === 0 ? writeZeros(bytes, at, length) : writeValue(bytes, at, value, length);
}

/** What {@linkcode seekRun} found: a run, its first register, and where the run before it is. */
const sought = { previous: 0, first: 0, length: 0 };

/**
 * Finds the run with register `index`, of those from `from` on. By itself, so that this loop, which is
 * all of the work, has the registers of the processor. O(runs).
 *
 * @returns where it is; `end` or more where there is none
 */
function seekRun(bytes: Uint8Array, from: number, end: number, index: number): number {
  let at = from;
  let previous = from;
  let first = 0;
  let run = 0;
  while (at < end) {
    // As runLength() has it, and how many bytes that is.
    const byte = bytes[at];
    let next = at + 1;
    if (byte >= VALUES) run = (byte & 3) + 1;
    else if (byte < MANY_ZEROS) run = byte + 1;
    else run = next < end ? ((byte & 63) << 8 | bytes[next++]) + 1 : TOO_MANY;
    if (index < first + run) break;
    previous = at;
    first += run;
    at = next;
  }
  sought.previous = previous;
  sought.first = first;
  sought.length = run;
  return at;
}

/**
 * Raises register `index` to `value` in the HyperLogLog at `start` of `length` bytes, behind which
 * there is room for {@linkcode MAX_GROWTH_BYTES} more. O(length).
 *
 * @param maxBytes it is not to get longer than that
 * @returns its length now; UNCHANGED, TOO_LARGE or CORRUPT where nothing was done
 */
export function raiseSparse(
  bytes: Uint8Array,
  start: number,
  length: number,
  index: number,
  value: number,
  maxBytes: number,
): number {
  if (value > MAX_VALUE) return TOO_LARGE;
  const end = start + length;
  const at = seekRun(bytes, start + HEADER_BYTES, end, index);
  const { previous, first, length: run } = sought;
  if (at >= end || run === TOO_MANY) return CORRUPT;
  const byte = bytes[at];
  const old = valueOf(byte);
  if (old >= value) return UNCHANGED;
  let newEnd = end;
  if (run === 1 && !isManyZeros(byte)) writeValue(bytes, at, value, 1);
  else {
    let splitBytes = writeRun(split, 0, old, index - first);
    splitBytes = writeValue(split, splitBytes, value, 1);
    splitBytes = writeRun(split, splitBytes, old, first + run - 1 - index);
    const next = at + (isManyZeros(byte) ? 2 : 1);
    const growth = splitBytes - (next - at);
    if (growth > 0 && length + growth > maxBytes) return TOO_LARGE;
    if (growth !== 0) bytes.copyWithin(next + growth, next, end);
    newEnd = end + growth;
    for (let i = 0; i < splitBytes; i++) bytes[at + i] = split[i];
  }
  return join(bytes, previous, newEnd) - start;
}

/** Joins runs of equal values, the first of them at `from` or a few behind it. @returns the end */
function join(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (let looks = 0; looks < JOINED_RUNS && at < end; looks++) {
    const byte = bytes[at];
    if (byte < VALUES) {
      at += isManyZeros(byte) ? 2 : 1;
      continue;
    }
    const next = at + 1 < end ? bytes[at + 1] : 0;
    const length = (byte & 3) + (next & 3) + 2;
    if (valueOf(byte) === valueOf(next) && length <= MAX_VALUE_RUN) {
      // The joined run may be joined to the next in its turn.
      bytes.copyWithin(at, at + 1, end);
      end--;
      writeValue(bytes, at, valueOf(byte), length);
    } else at++;
  }
  return end;
}

/**
 * Adds to `histogram[v]` how many registers are v. O(length, up to the number of registers).
 *
 * @returns whether the registers are as many as they have to be
 */
export function countSparse(
  bytes: Uint8Array,
  start: number,
  length: number,
  histogram: Int32Array,
): boolean {
  const end = start + length;
  let index = 0;
  for (let at = start + HEADER_BYTES; at < end; at += isManyZeros(bytes[at]) ? 2 : 1) {
    const run = runLength(bytes, at, end);
    index += run;
    if (index > REGISTER_COUNT) return false;
    histogram[valueOf(bytes[at])] += run;
  }
  return index === REGISTER_COUNT;
}

/**
 * Raises each of the registers, a byte each, to what it is here. O(registers).
 *
 * @returns whether there are as many as there have to be; where not, some may have been raised
 */
export function mergeSparse(
  bytes: Uint8Array,
  start: number,
  length: number,
  registers: Uint8Array,
): boolean {
  const end = start + length;
  let index = 0;
  for (let at = start + HEADER_BYTES; at < end; at += isManyZeros(bytes[at]) ? 2 : 1) {
    const next = index + runLength(bytes, at, end);
    if (next > REGISTER_COUNT) return false;
    const value = valueOf(bytes[at]);
    if (value !== 0) {
      for (let i = index; i < next; i++) if (value > registers[i]) registers[i] = value;
    }
    index = next;
  }
  return index === REGISTER_COUNT;
}

/** A run of equal registers. */
export interface Run {
  /** Of each of them. */
  value: number;
  length: number;
  isManyZeros: boolean;
  /** Where the next run is. */
  next: number;
}

/**
 * Reads the run at byte `at` of a string that ends before `end` into `run`, to show it. A second byte
 * that is missing is taken for 0. O(1).
 */
export function readRun(bytes: Uint8Array, at: number, end: number, run: Run): void {
  run.value = valueOf(bytes[at]);
  run.isManyZeros = isManyZeros(bytes[at]);
  run.next = at + (run.isManyZeros ? 2 : 1);
  const isWhole = run.next <= end;
  run.length = isWhole ? runLength(bytes, at, end) : ((bytes[at] & 63) << 8) + 1;
}
