/** The types of reclaimer.js, which is JavaScript because its text is also a Worker's program. */

/** Where the links of one kind of value are, in words of its blocks. */
export type Shape = TableShape | ChainShape;

/** A chain of nodes, each of which may refer to one block without links. */
export interface ChainShape {
  /** Word of the root block that refers to the first node. */
  headWord: number;
  /** Word of a node that refers to the next. */
  nextWord: number;
  /** Word of a node that refers to the block it owns; -1 where nodes own none. */
  blockWord: number;
}

/** A hash table of nodes. */
export interface TableShape {
  /** Word of the root block that refers to the hash table; -1 where the value is a hash table. */
  tableWord: number;
  /** Values that the nodes own. */
  children: ChildShapes | null;
  /** A chain beside the table. */
  chain?: ChainShape;
}

/** How to find the value that a node owns. */
export interface ChildShapes {
  /** Word of a node that tells its kind. */
  kindWord: number;
  /** Bits of that word that are the kind. */
  kindMask: number;
  /** Word that refers to the value … */
  slotWord: number;
  /** … one further on where this bit of `kindWord` is set. */
  slotShiftBit: number;
  /** For each kind the index of the value's shape, PLAIN_BLOCK or NO_CHILD. */
  shapes: readonly number[];
}

/** A node of this kind owns nothing. */
export const NO_CHILD: number;
/** A node of this kind owns one block without links. */
export const PLAIN_BLOCK: number;
/** The name by which the program knows that it is such a Worker's. */
export const WORKER_NAME: string;

/** Walks values and gives each of their blocks to `release`. */
export class Reclaimer {
  /**
   * @param shapes none may be inside itself
   * @param release called once a block, after its links were read
   */
  constructor(
    segments: readonly Int32Array[],
    shapes: readonly Shape[],
    release: (block: number) => void,
  );
  /** Whether a value is begun and not yet released to its last block. */
  get busy(): boolean;
  /** Releases every block of a value. O(blocks). */
  reclaim(shapeIndex: number, ref: number): void;
  /** Begins a value; advance() releases it. None may be under way. */
  begin(shapeIndex: number, ref: number): void;
  /** Releases about `budget` blocks. @returns what is left of it, more than 0 only at the end */
  advance(budget: number): number;
  /** Stops in the middle of a value. @returns what resume() goes on with, here or elsewhere */
  suspend(): Int32Array;
  resume(frames: Int32Array): void;
}
