/**
 * What a hash table looks like: how many buckets, and how many nodes meet in each. For those who
 * examine it; nothing is changed.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import { lineOf } from "./bucket_array.ts";
import { countSlots, occupiedSlots } from "./bucket_line.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { CHUNK_MASK, DIRECTORY, MASK, OLD_DIRECTORY, OLD_MASK, OVERFLOW, POSITION } = tableLayout;

/** One array of buckets. */
export interface ArrayFigures {
  readonly buckets: number;
  readonly nodes: number;
  /** How many buckets have so many nodes, by that number; those with none are at 0. */
  readonly bucketsWith: ReadonlyMap<number, number>;
}

/**
 * The arrays of a table: one, or during a resize the one that is emptied and the one that is filled.
 * O(buckets).
 */
export function arrayFigures(arena: Arena, table: Ref): ArrayFigures[] {
  const newest = figuresOf(arena, table, DIRECTORY, 0);
  if (arena.word(table, OLD_MASK) === 0) return [newest];
  return [figuresOf(arena, table, OLD_DIRECTORY, arena.word(table, POSITION)), newest];
}

/** @param first the first bucket that has not been moved away */
function figuresOf(arena: Arena, table: Ref, field: number, first: number): ArrayFigures {
  const mask = arena.word(table, field + (MASK - DIRECTORY));
  const directory = arena.word(table, field);
  const bucketsWith = new Map<number, number>();
  const count = (nodes: number, buckets: number) => {
    if (buckets > 0) bucketsWith.set(nodes, (bucketsWith.get(nodes) ?? 0) + buckets);
  };
  let total = 0;
  count(0, first);
  for (let bucket = first; bucket <= mask; bucket++) {
    const line = lineOf(arena.words, directory, mask, bucket);
    if (line === NONE) {
      const last = Math.min(mask, bucket | CHUNK_MASK);
      count(0, last - bucket + 1);
      bucket = last;
      continue;
    }
    const nodes = nodesIn(arena, line);
    total += nodes;
    count(nodes, 1);
  }
  return { buckets: mask + 1, nodes: total, bucketsWith };
}

function nodesIn(arena: Arena, primary: Ref): number {
  let nodes = 0;
  for (let line = primary; line !== NONE; line = arena.word(line, OVERFLOW)) {
    const words = arena.words[line >>> SEGMENT_SHIFT];
    nodes += countSlots(occupiedSlots(words, (line & SEGMENT_MASK) << 1));
  }
  return nodes;
}
