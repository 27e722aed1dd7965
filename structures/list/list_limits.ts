/**
 * How large a list's listpacks may be, as Redis's directive `list-max-listpack-size` says it:
 *
 * ```
 *   -1  -2  -3   -4   -5        most bytes of a listpack: 4, 8, 16, 32, 64 KiB
 *    1, 2, 3 … 32,767           most entries of a listpack, which then takes 8 KiB at most
 * ```
 *
 * The same number decides when a list turns from one listpack into a chain of them and back. A
 * client can see which it is (OBJECT ENCODING), and whether it turns back hangs on how the elements
 * are spread over listpacks. So all of this is as in Redis, to the byte.
 */

/** Read at each change of a list, so it may be changed at any time. */
export interface ListLimits {
  /** As above; 0 counts as 1, numbers beyond either end as that end. */
  maxListpackSize: number;
}

const SMALLEST_STEP_BYTES = 2048;
const LAST_STEP = 5;
/** Most bytes of a listpack whose entries are limited. */
const SAFE_BYTES = 8192;
const MAX_ENTRIES = 32_767;
/** What Redis reckons that an entry takes beside the element's bytes. */
export const ENTRY_ESTIMATE_BYTES = 8;
const UNLIMITED = 2 ** 30;
/** More than a node takes beside the bytes of its elements, and an element beside its own. */
const NODE_OVERHEAD_BYTES = 48;
/** The blocks that a short list has had while it grew are so many times the longest. */
const SHORT_LIST_COPIES = 10;

/** Most bytes of a chain's listpack; one with a single entry may be larger. */
export function maxNodeBytes(limits: ListLimits): number {
  const size = limits.maxListpackSize;
  return size < 0 ? SMALLEST_STEP_BYTES << Math.min(-size, LAST_STEP) : SAFE_BYTES;
}

/** Most entries of a chain's listpack. */
export function maxNodeEntries(limits: ListLimits): number {
  const size = limits.maxListpackSize;
  return size < 0 ? UNLIMITED : Math.max(1, Math.min(size, MAX_ENTRIES));
}

/**
 * Whether a chain's listpack of so many bytes and entries, both with the header and end of a listpack,
 * takes one more element of `length` bytes: by Redis's estimate, in which an entry has 8 bytes more
 * than its element.
 */
export function takesOneMore(
  limits: ListLimits,
  bytes: number,
  entries: number,
  length: number,
): boolean {
  return bytes + length + ENTRY_ESTIMATE_BYTES <= maxNodeBytes(limits) &&
    entries < maxNodeEntries(limits);
}

/** Whether a list whose chain is down to one listpack becomes that: at half the limit. */
export function fitsSingleAgain(limits: ListLimits, bytes: number, entries: number): boolean {
  if (limits.maxListpackSize < 0) return bytes <= maxNodeBytes(limits) / 2;
  return entries <= maxNodeEntries(limits) >> 1;
}

/** Whether a list that has come as a chain of one listpack becomes that: up to the limit. */
export function fitsSingle(limits: ListLimits, bytes: number, entries: number): boolean {
  if (limits.maxListpackSize < 0) return bytes <= maxNodeBytes(limits);
  return entries <= maxNodeEntries(limits);
}

/**
 * A bound on the bytes that the entries of elements take, `bytes` being those of their texts, less
 * than 2^31: 2 more for each, 4 from 64 bytes on, at most 9 from 4,096 on.
 */
export function mostEntryBytes(elements: number, bytes: number): number {
  return bytes + 2 * (elements + (bytes >> 6)) + 5 * (bytes >> 12);
}

/**
 * Most bytes of the blocks that are made while so many elements are added, `bytes` being those of
 * their texts: each may begin a node, and a block that grows was half as long before, a short list's,
 * which grows by an eighth, often.
 */
export function growthBytes(limits: ListLimits, elements: number, bytes: number): number {
  const blocks = 4 * (bytes + NODE_OVERHEAD_BYTES * elements);
  return blocks + SHORT_LIST_COPIES * maxNodeBytes(limits);
}
