/**
 * How many free pages a promise of bytes takes: the arithmetic behind `Arena.reserve`.
 *
 * The bytes may be asked for in blocks of any sizes, so the promise counts with the worst choice.
 * Let the blocks allocated since come to B bytes, as `Arena.blockBytes` rounds them. A class makes a
 * new slab only when those that it made before are full, or are gone because all their blocks were
 * freed. Of a full slab at least 15/16 are blocks (size_class.ts). Hence, without the second case,
 *
 * ```
 *   pages that are taken  ≤   55              a first slab for each class up to 4 KiB, of one page
 *                           + 16 min(32, B / 4608)   for each larger one, of 16, if B allows it
 *                           + ⌈B / 61,440⌉    the full slabs, of 15/16 of 64 KiB a page or more,
 *                                             and the large blocks, which are whole pages
 * ```
 *
 * and no more runs than the same with 1 in the place of 16. Each run takes as many pages as it has
 * from the beginning of a row of free pages. So one row as long as that is enough; where there is
 * none, enough rows of the longest run's length are, as a run spoils one of them at most.
 *
 * The second case needs a block that was allocated since and freed again, and then another of its
 * class: a slab more each time. A block that grows step by step takes each class once, which is
 * counted; what else is freed and allocated again counts as a page (up to 4 KiB) or as 16.
 */

import * as arenaLayout from "./arena_layout.ts";
import * as sizeClasses from "./size_class.ts";

const { PAGE_BYTES, PAGES_PER_SEGMENT } = arenaLayout;
const { BLOCK_BYTES, CLASS_COUNT, slabPages } = sizeClasses;

/** Pages of a slab of a large class. */
const WIDE_SLAB_PAGES = slabPages(CLASS_COUNT - 1);
/** The first class whose slabs are that wide: the number of those that are not. */
const FIRST_WIDE_CLASS = BLOCK_BYTES.findIndex((_, sizeClass) => slabPages(sizeClass) > 1);
const WIDE_CLASSES = CLASS_COUNT - FIRST_WIDE_CLASS;
const MIN_WIDE_BYTES = BLOCK_BYTES[FIRST_WIDE_CLASS];
/** Bytes of blocks in a page of a full slab, at least. */
const FULL_PAGE_BYTES = (PAGE_BYTES / 16) * 15;
/** Pages of a segment that can be taken. */
export const SEGMENT_PAGES: number = PAGES_PER_SEGMENT - 1;

/** Most pages that blocks of `bytes` in all take. */
export function pagesFor(bytes: number): number {
  const wide = Math.min(WIDE_CLASSES, Math.floor(bytes / MIN_WIDE_BYTES));
  return FIRST_WIDE_CLASS + WIDE_SLAB_PAGES * wide + Math.ceil(bytes / FULL_PAGE_BYTES);
}

/** Most runs of pages that they take. */
export function runsFor(bytes: number): number {
  const wide = Math.min(WIDE_CLASSES, Math.floor(bytes / MIN_WIDE_BYTES));
  return FIRST_WIDE_CLASS + wide + Math.ceil(bytes / FULL_PAGE_BYTES);
}

/** Most pages that one run of them has. */
export function longestRunFor(bytes: number): number {
  return Math.max(WIDE_SLAB_PAGES, Math.ceil(bytes / PAGE_BYTES));
}

/** Bytes for which a row of free pages is enough: {@linkcode pagesFor} of them is not more. */
export function bytesFrom(pages: number): number {
  const all = pages - FIRST_WIDE_CLASS - WIDE_SLAB_PAGES * WIDE_CLASSES;
  if (all * FULL_PAGE_BYTES >= WIDE_CLASSES * MIN_WIDE_BYTES) return all * FULL_PAGE_BYTES;
  const some = pages - FIRST_WIDE_CLASS - 1;
  const bytes = Math.floor(some / (WIDE_SLAB_PAGES / MIN_WIDE_BYTES + 1 / FULL_PAGE_BYTES));
  return Math.max(0, Math.min(bytes, WIDE_CLASSES * MIN_WIDE_BYTES));
}

/**
 * Segments that are enough where the pages do not fit into one: each run, a huge block too, goes
 * into the first segment that has the row, so two segments that follow each other are more than one
 * full.
 */
export function segmentsFor(bytes: number): number {
  return 2 * Math.ceil(pagesFor(bytes) / SEGMENT_PAGES);
}
