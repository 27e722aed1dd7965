/**
 * The instructions of a pattern's program: an operation and three numbers a, b, c each.
 *
 * A *follower* is the byte that has to come behind a repetition, where that is known.
 */

/** Numbers that an instruction takes. */
export const STEP = 4;

/** The end: the pattern has matched. */
export const MATCH = 0;
/** a: the byte that comes next. */
export const BYTE = 1;
/** a: the set that the next byte is of. */
export const SET = 2;
/** a: set, b: the follower, c: how many at least. As many as there are, giving back. */
export const MOST = 3;
/** As MOST, and gives nothing back. */
export const ALL_OF = 4;
/** a: set, b: the follower. As few as do. */
export const LEAST = 5;
/** a: set. One or none. */
export const OPTIONAL = 6;
/** a: the capture that begins. */
export const OPEN = 7;
/** a: the capture that ends. */
export const CLOSE = 8;
/** a: the capture that is this position. */
export const POSITION = 9;
/** a: the capture whose text comes again. */
export const AGAIN = 10;
/** a, b: the bytes that balance. */
export const BALANCE = 11;
/** a: the set that begins here. */
export const FRONTIER = 12;
/** The end of the subject. */
export const END = 13;
/** a: what is wrong with the pattern. */
export const FAULT = 14;
/** What never matches. */
export const NEVER = 15;

/** The follower that is not known. */
export const ANYTHING = -1;

export type CaptureKind = "text" | "position" | "unfinished";

/** Captures that a pattern may have. */
export const MAX_CAPTURES = 32;
