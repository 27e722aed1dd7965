/**
 * The full check of an arena, for tests: reads every descriptor, list and counter and compares them
 * with each other.
 */

import { assert } from "../assert.ts";
import {
  CAPACITY,
  CLASS_SLABS,
  CLASS_USED,
  FIRST_CLASS,
  FREE_LIST,
  FRESH,
  KIND,
  KIND_CONTINUATION,
  KIND_FREE,
  KIND_HUGE,
  KIND_LARGE,
  NEXT,
  NONE,
  PAGE_BYTES,
  PAGE_SHIFT,
  PAGES,
  PAGES_PER_SEGMENT,
  PREVIOUS,
  SEGMENT_FREE_PAGES,
  SEGMENT_MASK,
  SEGMENT_SEARCH_FROM,
  USED,
} from "./arena_layout.ts";
import { BLOCK_BYTES, CLASS_COUNT } from "./size_class.ts";

/**
 * Checks every invariant of an arena. O(arena).
 *
 * @param segments each segment's words, none in those given back
 * @param countedBytes what the arena says is used
 * @throws {AssertionError} at the first that does not hold
 */
export function verifySegments(segments: readonly Int32Array[], countedBytes: number): void {
  const header = segments[0];
  const usedPerClass = new Array<number>(CLASS_COUNT).fill(0);
  const roomy = new Set<number>();
  let usedBytes = 0;
  for (let segment = 0; segment < segments.length; segment++) {
    if (segments[segment].length === 0) continue;
    if (segments[segment][(1 << 3) + KIND] === KIND_HUGE) {
      usedBytes += segments[segment].length * 4 - PAGE_BYTES;
      continue;
    }
    const words = segments[segment];
    let freePages = 0;
    for (let page = 1; page < PAGES_PER_SEGMENT;) {
      const slab = page << 3;
      const kind = words[slab + KIND];
      assert(kind !== KIND_CONTINUATION, "a continuation page without its run");
      if (kind === KIND_FREE) {
        assert(page >= words[SEGMENT_SEARCH_FROM], "a free page below the search start");
        freePages++;
        page++;
        continue;
      }
      const pages = words[slab + PAGES];
      for (let i = 1; i < pages; i++) {
        assert(words[slab + 8 * i + KIND] === KIND_CONTINUATION, "a broken run");
        assert(words[slab + 8 * i + PAGES] === i, "a continuation that has lost its run");
      }
      if (kind === KIND_LARGE) usedBytes += pages * PAGE_BYTES;
      else {
        const sizeClass = kind - FIRST_CLASS;
        const pageId = segment * PAGES_PER_SEGMENT + page;
        usedPerClass[sizeClass] += verifySlab(words, pageId, sizeClass);
        if (words[slab + USED] < words[slab + CAPACITY]) roomy.add(pageId);
      }
      page += pages;
    }
    assert(freePages === words[SEGMENT_FREE_PAGES], "wrong count of free pages");
  }
  for (let c = 0; c < CLASS_COUNT; c++) {
    assert(header[CLASS_USED + c] === usedPerClass[c], "wrong count of a class's blocks");
    usedBytes += usedPerClass[c] * BLOCK_BYTES[c];
    let previous = 0;
    for (let page = header[CLASS_SLABS + c]; page !== 0;) {
      assert(roomy.delete(page), "a full, foreign or repeated slab in a class's list");
      assert(
        descriptor(segments, page, KIND) === FIRST_CLASS + c,
        "a slab in another class's list",
      );
      assert(descriptor(segments, page, PREVIOUS) === previous, "a broken list of slabs");
      previous = page;
      page = descriptor(segments, page, NEXT);
    }
  }
  assert(roomy.size === 0, "a slab with room is in no list");
  assert(usedBytes === countedBytes, `${usedBytes} bytes are used, ${countedBytes} counted`);
}

function descriptor(segments: readonly Int32Array[], page: number, field: number): number {
  return segments[page >>> 10][((page & 1023) << 3) + field];
}

/** Checks one slab's free list and counters and returns its live blocks. */
function verifySlab(words: Int32Array, page: number, sizeClass: number): number {
  const slab = (page & 1023) << 3;
  const granules = BLOCK_BYTES[sizeClass] >> 3;
  const fresh = words[slab + FRESH];
  const freed = new Set<number>();
  for (let ref = words[slab + FREE_LIST]; ref !== NONE; ref = words[(ref & SEGMENT_MASK) << 1]) {
    const offset = ref - (page << PAGE_SHIFT);
    assert(offset >= 0 && offset % granules === 0 && offset / granules < fresh, "a stray block");
    assert(!freed.has(ref), "a block is in its free list twice");
    freed.add(ref);
  }
  assert(fresh <= words[slab + CAPACITY], "a slab gave out more blocks than it has");
  assert(fresh - freed.size === words[slab + USED], "wrong count of a slab's live blocks");
  assert(words[slab + USED] > 0, "an empty slab kept its pages");
  return words[slab + USED];
}
