/**
 * The elements of one node of the AVL tree: up to 42 scores in order, and whose they are.
 *
 * ```
 * byte  0      4     8                                   344                        512
 *       ┌──────┬─────┬─────────────────── … ─────────────┬──────────────── … ───────┐
 *       │ node │ -   │ 42 scores, doubles                │ references of 42 elements│
 *       └──────┴─────┴─────────────────── … ─────────────┴──────────────── … ───────┘
 * word  0            double 1                            word 86
 * ```
 *
 * A block is as long as a size class of the arena whose slabs begin at a page, so it begins at a
 * multiple of 512 bytes and the low 6 bits of its reference are 0. `block | index` is a *position*:
 * one number that names an element.
 *
 * Shifts are plain loops, as copyWithin is slow on shared memory.
 */

import type { Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { BLOCK_BYTES, INDEX_MASK } = setLayout;

/** Double of a block at which its scores begin. */
const SCORES_AT = 1;
/** Word of a block at which the references of its elements begin. */
const ELEMENTS_AT = 86;
/** Words of a cache line. */
const LINE_WORDS = 16;
/** Scores that are skipped at once in a search: those of a cache line. */
const SCORES_PER_STEP = 8;

/** The element at a position. */
export function elementAt(segments: readonly Int32Array[], position: number): Ref {
  const at = (position & (SEGMENT_MASK - INDEX_MASK)) << 1;
  return segments[position >>> SEGMENT_SHIFT][at + ELEMENTS_AT + (position & INDEX_MASK)];
}

/** The score at a position. */
export function scoreAt(doubles: readonly Float64Array[], position: number): number {
  // Index and block do not overlap, so the whole position is the offset of a double.
  return doubles[position >>> SEGMENT_SHIFT][(position & SEGMENT_MASK) + SCORES_AT];
}

/** Writes a position, whatever was there. */
export function setElementAt(
  segments: readonly Int32Array[],
  doubles: readonly Float64Array[],
  position: number,
  element: Ref,
  score: number,
): void {
  const segment = position >>> SEGMENT_SHIFT;
  doubles[segment][(position & SEGMENT_MASK) + SCORES_AT] = score;
  const at = (position & (SEGMENT_MASK - INDEX_MASK)) << 1;
  segments[segment][at + ELEMENTS_AT + (position & INDEX_MASK)] = element;
}

/** Index of an element, which must be in the block. */
export function indexOf(segments: readonly Int32Array[], block: Ref, element: Ref): number {
  const words = segments[block >>> SEGMENT_SHIFT];
  const start = ((block & SEGMENT_MASK) << 1) + ELEMENTS_AT;
  let at = start;
  while (words[at] !== element) at++;
  return at - start;
}

/**
 * How many of `length` scores from a position on are below the given one, or, `inclusive`, not above
 * it. Adds up comparisons rather than branching on them: no guess is wrong, and no load waits for
 * another.
 */
export function scoresBelow(
  doubles: readonly Float64Array[],
  position: number,
  length: number,
  score: number,
  inclusive: boolean,
): number {
  const scores = doubles[position >>> SEGMENT_SHIFT];
  const start = (position & SEGMENT_MASK) + SCORES_AT;
  const end = start + length;
  let at = start;
  if (inclusive) {
    for (let i = start + SCORES_PER_STEP - 1; i < end; i += SCORES_PER_STEP) {
      at += Number(scores[i] <= score) * SCORES_PER_STEP;
    }
    const last = Math.min(at + SCORES_PER_STEP, end);
    for (let i = at; i < last; i++) at += Number(scores[i] <= score);
  } else {
    for (let i = start + SCORES_PER_STEP - 1; i < end; i += SCORES_PER_STEP) {
      at += Number(scores[i] < score) * SCORES_PER_STEP;
    }
    const last = Math.min(at + SCORES_PER_STEP, end);
    for (let i = at; i < last; i++) at += Number(scores[i] < score);
  }
  return at - start;
}

/** Moves what is at the indexes from `from` to before `to` one up. */
export function shiftUp(
  segments: readonly Int32Array[],
  doubles: readonly Float64Array[],
  block: Ref,
  from: number,
  to: number,
): void {
  const scores = doubles[block >>> SEGMENT_SHIFT];
  const words = segments[block >>> SEGMENT_SHIFT];
  const scoresAt = (block & SEGMENT_MASK) + SCORES_AT;
  const elementsAt = ((block & SEGMENT_MASK) << 1) + ELEMENTS_AT;
  for (let i = scoresAt + to; i > scoresAt + from; i--) scores[i] = scores[i - 1];
  for (let i = elementsAt + to; i > elementsAt + from; i--) words[i] = words[i - 1];
}

/** Moves what is at the indexes from `from` to before `to` down by `distance`. */
export function shiftDown(
  segments: readonly Int32Array[],
  doubles: readonly Float64Array[],
  block: Ref,
  from: number,
  to: number,
  distance: number,
): void {
  const scores = doubles[block >>> SEGMENT_SHIFT];
  const words = segments[block >>> SEGMENT_SHIFT];
  const scoresAt = (block & SEGMENT_MASK) + SCORES_AT;
  const elementsAt = ((block & SEGMENT_MASK) << 1) + ELEMENTS_AT;
  for (let i = scoresAt + from; i < scoresAt + to; i++) scores[i - distance] = scores[i];
  for (let i = elementsAt + from; i < elementsAt + to; i++) words[i - distance] = words[i];
}

/**
 * Reads a word of each line of a block, for whoever is about to look at several of them: independent
 * loads, whose waits overlap.
 *
 * @returns a mix of the words read, for the caller to keep, lest the loads be optimized away
 */
export function loadBlock(segments: readonly Int32Array[], block: Ref): number {
  const words = segments[block >>> SEGMENT_SHIFT];
  const at = (block & SEGMENT_MASK) << 1;
  let mix = 0;
  for (let word = 0; word < BLOCK_BYTES >> 2; word += LINE_WORDS) mix ^= words[at + word];
  return mix;
}
