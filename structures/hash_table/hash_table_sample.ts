/**
 * Fair random choice from a hash table.
 *
 * ```
 * one node       a bucket and a number below 24 are drawn, until the bucket has so many nodes
 * a sample       buckets are drawn, and all of their nodes are taken
 * ```
 *
 * Buckets of both arrays count during a resize: those of the old one that have not been moved, and all
 * of the new one. Each node is in one of them.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import { lineOf } from "./bucket_array.ts";
import { countSlots, firstSlot, occupiedSlots } from "./bucket_line.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  COUNT,
  DIRECTORY,
  LINE_SLOTS,
  MASK,
  OLD_DIRECTORY,
  OLD_MASK,
  OVERFLOW,
  POSITION,
  REFS,
} = tableLayout;

/** Nodes of chains up to so many are drawn without any bias. */
export const FAIR_NODES = 2 * LINE_SLOTS;
const RANDOM_TRIES = 512;
/** Most buckets that are drawn at once. */
const DRAWS = 16;
/** Nodes that a sample may have more than it was to have. */
export const SAMPLE_SURPLUS = DRAWS * FAIR_NODES;

type RandomInt = (bound: number) => number;

/** Buckets that hold nodes, or may: those of the new array behind those that have not been moved. */
function bucketCount(arena: Arena, table: Ref): number {
  const words = arena.words[table >>> SEGMENT_SHIFT];
  const at = (table & SEGMENT_MASK) << 1;
  // Without a resize 0 + 1 - 1 is what is left of the old array.
  return words[at + OLD_MASK] + 1 - words[at + POSITION] + words[at + MASK] + 1;
}

/** The first bucket of a chain by its number below {@linkcode bucketCount}; NONE: it has no nodes. */
function numberedLine(arena: Arena, table: Ref, number: number): Ref {
  const segments = arena.words;
  const words = segments[table >>> SEGMENT_SHIFT];
  const at = (table & SEGMENT_MASK) << 1;
  const position = words[at + POSITION];
  const unmoved = words[at + OLD_MASK] + 1 - position;
  return number < unmoved
    ? lineOf(segments, words[at + OLD_DIRECTORY], words[at + OLD_MASK], position + number)
    : lineOf(segments, words[at + DIRECTORY], words[at + MASK], number - unmoved);
}

/**
 * The nodes of buckets that are drawn from all of a table's, until there are `wanted` of them or more:
 * all nodes of the last bucket are taken, too. Each node of the table comes equally often, as how many
 * buckets are drawn depends on those before only (Wald's identity); one may come more than once. Expected
 * O(wanted) in a table that is not about to shrink.
 *
 * As many buckets as are likely to do are drawn at once, and loaded, then their nodes: the waits for
 * memory overlap, and whoever goes on with the nodes has them at hand.
 *
 * @param nodes room for `wanted` and {@linkcode SAMPLE_SURPLUS} more; of a chain of more than
 *   {@linkcode FAIR_NODES}, which one in 70,000 is at most, as many come, from a random one on
 * @returns how many there are: less than `wanted` from a table with far fewer nodes than buckets, 0 from
 *   an empty one
 */
export function sampleNodes(
  arena: Arena,
  table: Ref,
  randomInt: RandomInt,
  wanted: number,
  nodes: Int32Array,
): number {
  const segments = arena.words;
  const size = arena.word(table, COUNT) >>> 0;
  if (size === 0) return 0;
  const buckets = bucketCount(arena, table);
  let count = 0;
  let mix = 0;
  for (let tries = 0; count < wanted && tries < RANDOM_TRIES;) {
    const draws = Math.min(Math.ceil((wanted - count) * buckets / size), DRAWS);
    tries += draws;
    for (let i = 0; i < draws; i++) {
      const line = numberedLine(arena, table, randomInt(buckets));
      drawn[i] = line;
      mix ^= segments[line >>> SEGMENT_SHIFT][((line & SEGMENT_MASK) << 1) + OVERFLOW];
    }
    const first = count;
    for (let i = 0; i < draws; i++) count = takeChain(arena, drawn[i], randomInt, nodes, count);
    for (let i = first; i < count; i++) {
      mix ^= segments[nodes[i] >>> SEGMENT_SHIFT][(nodes[i] & SEGMENT_MASK) << 1];
    }
  }
  sink.loaded = mix;
  if (count === 0) nodes[count++] = randomNode(arena, table, randomInt);
  return count;
}

/** Copies the references of a chain's nodes behind the `count` that there are. @returns how many then */
function takeChain(
  arena: Arena,
  primary: Ref,
  randomInt: RandomInt,
  nodes: Int32Array,
  count: number,
): number {
  if (primary === NONE) return count;
  const segments = arena.words;
  const end = count + FAIR_NODES;
  let skipped = 0;
  if (segments[primary >>> SEGMENT_SHIFT][((primary & SEGMENT_MASK) << 1) + OVERFLOW] !== NONE) {
    const surplus = countNodes(arena, primary) - FAIR_NODES;
    if (surplus > 0) skipped = randomInt(surplus + 1);
  }
  for (let line = primary; line !== NONE;) {
    const words = segments[line >>> SEGMENT_SHIFT];
    const at = (line & SEGMENT_MASK) << 1;
    for (let slots = occupiedSlots(words, at); slots !== 0; slots &= slots - 1) {
      if (skipped > 0) {
        skipped--;
        continue;
      }
      if (count === end) break;
      nodes[count++] = words[at + REFS + firstSlot(slots)];
    }
    line = words[at + OVERFLOW];
  }
  return count;
}

/** Buckets that are drawn at once, by {@linkcode sampleNodes}. */
const drawn = new Int32Array(DRAWS);

/** Keeps the loads of {@linkcode sampleNodes} from being optimized away. */
const sink = { loaded: 0 };

/**
 * A node chosen at random, or NONE from an empty table.
 *
 * Rejection sampling: a bucket and a number below 24 are drawn, as one number, and drawn again where
 * the bucket has not so many nodes, so all nodes are equally likely. In a bucket of more, which one in
 * 70,000 is at most, nodes are slightly less likely: never impossible. A table with far fewer nodes
 * than buckets (right after mass deletion) may exhaust the tries; then a node of the first bucket
 * behind a random place is taken.
 */
export function randomNode(
  arena: Arena,
  table: Ref,
  randomInt: RandomInt,
): Ref {
  if (arena.word(table, COUNT) === 0) return NONE;
  const buckets = bucketCount(arena, table);
  for (let i = 0; i < RANDOM_TRIES; i++) {
    const drawn = randomInt(buckets * FAIR_NODES);
    const number = Math.floor(drawn / FAIR_NODES);
    const line = numberedLine(arena, table, number);
    if (line === NONE) continue;
    const node = drawnFromChain(arena, line, drawn - number * FAIR_NODES, randomInt);
    if (node !== NONE) return node;
  }
  const start = randomInt(buckets);
  for (let i = 0; i < buckets; i++) {
    const line = numberedLine(arena, table, (start + i) % buckets);
    if (line === NONE) continue;
    const count = countNodes(arena, line);
    if (count !== 0) return nodeAt(arena, line, randomInt(count));
  }
  return NONE;
}

/**
 * The node of a chain with a number that was drawn from those below 24, or NONE; of a longer chain
 * surely one, for which another number is drawn.
 */
function drawnFromChain(arena: Arena, primary: Ref, index: number, randomInt: RandomInt): Ref {
  if (index >= LINE_SLOTS && arena.word(primary, OVERFLOW) === NONE) return NONE;
  const count = countNodes(arena, primary);
  if (count > FAIR_NODES) return nodeAt(arena, primary, randomInt(count));
  return index < count ? nodeAt(arena, primary, index) : NONE;
}

/** Nodes of a bucket and its overflow buckets. O(chain). */
function countNodes(arena: Arena, primary: Ref): number {
  let count = 0;
  for (let line = primary; line !== NONE; line = arena.word(line, OVERFLOW)) {
    const words = arena.words[line >>> SEGMENT_SHIFT];
    count += countSlots(occupiedSlots(words, (line & SEGMENT_MASK) << 1));
  }
  return count;
}

/** A node of a chain by its number there, which is below {@linkcode countNodes}. O(chain). */
function nodeAt(arena: Arena, primary: Ref, index: number): Ref {
  for (let line = primary;; line = arena.word(line, OVERFLOW)) {
    const words = arena.words[line >>> SEGMENT_SHIFT];
    const at = (line & SEGMENT_MASK) << 1;
    for (let slots = occupiedSlots(words, at); slots !== 0; slots &= slots - 1) {
      if (index-- === 0) return words[at + REFS + firstSlot(slots)];
    }
  }
}
