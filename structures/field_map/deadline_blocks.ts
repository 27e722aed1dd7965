/**
 * The blocks of a deadline tree (deadline_tree.ts), and the list in which all of one tree are, in no
 * order: so that they are freed and measured without knowing the tree.
 *
 * ```
 * tree    ┌───────┬──────┬────────┬───────┐
 *         │ first │ root │ height │ count │                       16 bytes
 *         └───┬───┴──────┴────────┴───────┘
 *             ▼
 * leaf    ┌──────┬──────────┬───────┬─────┬─────┬─ …             32, 64, … 512 bytes: the only leaf
 *         │ next │ previous │ count │ ref │ ref │                512 bytes: one of several
 *         └──┬───┴──────────┴───────┴─────┴─────┴─ …
 *            ▼
 * inner   ┌──────┬──────────┬───────┬───┬─────┬──────┬─────┬───────┬─ …
 *         │ next │ previous │ count │   │ low │ high │ ref │ child │      63 entries, 1,024 bytes
 *         └──────┴──────────┴───────┴───┴─────┴──────┴─────┴───────┴─ …
 * ```
 *
 * An entry says that its child holds what is not before (high · 2^32 + low, ref), and before the same
 * of the next entry. That of the first entry says nothing.
 */

import { type Arena, NONE, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

// Words of a block; the tree's first word is the NEXT of its list.
export const NEXT = 0;
const PREVIOUS = 1;
const COUNT = 2;
/** First word of a leaf's references. */
const REFS = 3;
const ENTRIES = 4;
const ENTRY_WORDS = 4;
const LOW = 0;
const HIGH = 1;
const ENTRY_REF = 2;
const CHILD = 3;

export const MIN_LEAF_BYTES = 32;
export const LEAF_BYTES = 512;
/** References that a leaf of full size holds. */
export const LEAF_REFS: number = LEAF_BYTES / 4 - REFS;
const INNER_BYTES = 1024;
/** Entries that an inner block holds. */
export const INNER_ENTRIES: number = (INNER_BYTES / 4 - ENTRIES) / ENTRY_WORDS;

const HIGH_UNIT = 2 ** 32;

/** References that a leaf of this size holds. */
export function roomOf(leafBytes: number): number {
  return leafBytes / 4 - REFS;
}

/** Reads and writes the blocks of one arena. Every method is O(1) unless it says otherwise. */
export class DeadlineBlocks {
  readonly arena: Arena;
  readonly #words: readonly Int32Array[];

  constructor(arena: Arena) {
    this.arena = arena;
    this.#words = arena.words;
  }

  /** A leaf of so many bytes, in no list yet. @throws {ArenaFullError} */
  createLeaf(bytes: number): Ref {
    return this.arena.allocate(bytes);
  }

  /** An inner block, in no list yet. @throws {ArenaFullError} */
  createInner(): Ref {
    return this.arena.allocate(INNER_BYTES);
  }

  /** Puts a new block into a tree's list, with nothing in it. */
  link(tree: Ref, block: Ref): void {
    const { arena } = this;
    const next = arena.word(tree, NEXT);
    arena.setWord(block, NEXT, next);
    arena.setWord(block, PREVIOUS, tree);
    arena.setWord(block, COUNT, 0);
    if (next !== NONE) arena.setWord(next, PREVIOUS, block);
    arena.setWord(tree, NEXT, block);
  }

  /** Takes a block out of its list, and frees it. */
  drop(block: Ref): void {
    const { arena } = this;
    const next = arena.word(block, NEXT);
    const previous = arena.word(block, PREVIOUS);
    arena.setWord(previous, NEXT, next);
    if (next !== NONE) arena.setWord(next, PREVIOUS, previous);
    arena.free(block);
  }

  /** Tells a block's neighbours in the list that it is at another place now. */
  relink(block: Ref): void {
    const { arena } = this;
    const next = arena.word(block, NEXT);
    arena.setWord(arena.word(block, PREVIOUS), NEXT, block);
    if (next !== NONE) arena.setWord(next, PREVIOUS, block);
  }

  /** References of a leaf, or entries of an inner block. */
  count(block: Ref): number {
    return this.arena.word(block, COUNT);
  }

  setCount(block: Ref, count: number): void {
    this.arena.setWord(block, COUNT, count);
  }

  ref(leaf: Ref, index: number): Ref {
    return this.arena.word(leaf, REFS + index);
  }

  setRef(leaf: Ref, index: number, ref: Ref): void {
    this.arena.setWord(leaf, REFS + index, ref);
  }

  /** Adds a reference to a leaf that has room. */
  append(leaf: Ref, ref: Ref): void {
    const words = this.#words[leaf >>> SEGMENT_SHIFT];
    const at = (leaf & SEGMENT_MASK) << 1;
    words[at + REFS + words[at + COUNT]++] = ref;
  }

  /** Index of a reference in a leaf, -1 where it is not there. O(references). */
  indexOf(leaf: Ref, ref: Ref): number {
    const words = this.#words[leaf >>> SEGMENT_SHIFT];
    const start = ((leaf & SEGMENT_MASK) << 1) + REFS;
    const end = start + words[start - REFS + COUNT];
    for (let i = start; i < end; i++) if (words[i] === ref) return i - start;
    return -1;
  }

  child(inner: Ref, index: number): Ref {
    return this.arena.word(inner, ENTRIES + index * ENTRY_WORDS + CHILD);
  }

  setChild(inner: Ref, index: number, child: Ref): void {
    this.arena.setWord(inner, ENTRIES + index * ENTRY_WORDS + CHILD, child);
  }

  /** The deadline from which on an entry's child holds, in ms. */
  entryMs(inner: Ref, index: number): number {
    const words = this.#words[inner >>> SEGMENT_SHIFT];
    const at = ((inner & SEGMENT_MASK) << 1) + ENTRIES + index * ENTRY_WORDS;
    return words[at + HIGH] * HIGH_UNIT + (words[at + LOW] >>> 0);
  }

  /** The reference from which on it holds, among those of that deadline. */
  entryRef(inner: Ref, index: number): Ref {
    return this.arena.word(inner, ENTRIES + index * ENTRY_WORDS + ENTRY_REF);
  }

  /** The entry whose child holds a deadline and reference, or would. O(log entries). */
  find(inner: Ref, ms: number, ref: Ref): number {
    let first = 0;
    let last = this.count(inner) - 1;
    while (first < last) {
      const middle = (first + last + 1) >> 1;
      const entryMs = this.entryMs(inner, middle);
      const holds = entryMs < ms || (entryMs === ms && this.entryRef(inner, middle) <= ref);
      if (holds) first = middle;
      else last = middle - 1;
    }
    return first;
  }

  /** Puts an entry into an inner block that has room. O(entries). */
  insertEntry(inner: Ref, index: number, ms: number, ref: Ref, child: Ref): void {
    const words = this.#words[inner >>> SEGMENT_SHIFT];
    const block = (inner & SEGMENT_MASK) << 1;
    const at = block + ENTRIES + index * ENTRY_WORDS;
    const end = block + ENTRIES + words[block + COUNT] * ENTRY_WORDS;
    words.copyWithin(at + ENTRY_WORDS, at, end);
    words[at + LOW] = ms | 0;
    words[at + HIGH] = Math.floor(ms / HIGH_UNIT);
    words[at + ENTRY_REF] = ref;
    words[at + CHILD] = child;
    words[block + COUNT]++;
  }

  /** Takes an entry out. O(entries). */
  removeEntry(inner: Ref, index: number): void {
    const words = this.#words[inner >>> SEGMENT_SHIFT];
    const block = (inner & SEGMENT_MASK) << 1;
    const at = block + ENTRIES + index * ENTRY_WORDS;
    const end = block + ENTRIES + words[block + COUNT] * ENTRY_WORDS;
    words.copyWithin(at, at + ENTRY_WORDS, end);
    words[block + COUNT]--;
  }

  /** Moves the entries from `index` on behind those of another inner block. O(entries). */
  moveEntries(from: Ref, index: number, to: Ref): void {
    const count = this.count(from) - index;
    const target = this.count(to);
    const firstByte = (ENTRIES + index * ENTRY_WORDS) * 4;
    const targetByte = (ENTRIES + target * ENTRY_WORDS) * 4;
    this.arena.copy(from, firstByte, to, targetByte, count * ENTRY_WORDS * 4);
    this.setCount(from, index);
    this.setCount(to, target + count);
  }

  /** Moves all references of a leaf behind those of another. O(references). */
  moveRefs(from: Ref, to: Ref): void {
    const count = this.count(from);
    const target = this.count(to);
    this.arena.copy(from, REFS * 4, to, (REFS + target) * 4, count * 4);
    this.setCount(from, 0);
    this.setCount(to, target + count);
  }
}
