/**
 * Where things are in the arena's segments: the parts of a reference, of a page descriptor and of
 * the header, in words. The pictures are in arena.ts.
 *
 * V8 does not compile an imported constant into the code: it loads the exporting module's cell and
 * checks it at each use, and treats a module's own constant that it exports alike. On the hot path
 * that came to a tenth of the time. So the constants of a layout stand in a module that only has
 * constants, and a module that uses them much makes them its own:
 *
 * ```ts
 * import * as arenaLayout from "./arena_layout.ts";
 *
 * const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
 * ```
 */

import { CLASS_COUNT } from "./size_class.ts";

/** A block's address in granules of 8 bytes, as a signed int32; {@linkcode NONE} is no block. */
export type Ref = number;

/** The reference that refers to nothing. */
export const NONE: Ref = 0;

/** `ref >>> SEGMENT_SHIFT` is the index of a block's segment. */
export const SEGMENT_SHIFT = 23;
/** `ref & SEGMENT_MASK` is a block's granule inside its segment. */
export const SEGMENT_MASK = (1 << SEGMENT_SHIFT) - 1;
/** `ref >>> PAGE_SHIFT` is the number of a block's page, counted over all segments. */
export const PAGE_SHIFT = 13;

export const PAGE_BYTES = 65_536;
export const PAGES_PER_SEGMENT = 1 << (SEGMENT_SHIFT - PAGE_SHIFT);
export const SEGMENT_BYTES = PAGES_PER_SEGMENT * PAGE_BYTES;

// A page descriptor, in words. The descriptor of page 0 describes the segment instead.
export const KIND = 0; // FREE, CONTINUATION, LARGE, HUGE, or FIRST_CLASS + size class
export const FREE_LIST = 1; // first freed block; each freed block's first word is the next
export const FRESH = 2; // blocks handed out since the slab was made; those above were never touched
export const USED = 3; // live blocks
export const NEXT = 4; // neighbours in the list of the class's slabs that have room
export const PREVIOUS = 5;
export const PAGES = 6; // length of the run; in a continuation: distance to the run's first page
export const CAPACITY = 7; // blocks that the slab holds
export const SEGMENT_FREE_PAGES = USED;
export const SEGMENT_SEARCH_FROM = FRESH; // no page below this one is free
export const SEGMENT_TOUCHED = CAPACITY; // behind the last page that ever was taken; 0: none was

export const KIND_FREE = 0;
export const KIND_CONTINUATION = 1;
export const KIND_LARGE = 2;
export const KIND_HUGE = 3;
export const FIRST_CLASS = 4;

// The header, in words of segment 0, behind the page descriptors.
const HEADER = PAGES_PER_SEGMENT * 8;
export const USED_BYTES_DOUBLE = HEADER >> 1; // one double, two words
export const FREED_CHAINS = HEADER + 2; // lock-free stack of chains freed by other threads
export const TAKEN_CHAINS = HEADER + 3; // the main thread's own: chains popped and not yet spliced
export const CLASS_SLABS = HEADER + 8; // per class: first slab with room
export const CLASS_USED = CLASS_SLABS + CLASS_COUNT; // per class: live blocks
export const ROOTS = CLASS_USED + CLASS_COUNT;
/** Words that {@linkcode Arena.root} offers. */
export const ROOT_COUNT = 64;
