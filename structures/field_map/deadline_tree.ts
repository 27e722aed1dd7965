/**
 * The deadline tree: references in the order of their deadlines, at little more than four bytes each.
 *
 * It is a B+ tree (Bayer and McCreight 1972; the variant with all data in leaves as D. Comer describes
 * it, 1979) of pairs (deadline, reference), so that any number of equal deadlines costs no search. A
 * leaf keeps the references alone, in the order of their coming: the deadlines stand in the blocks
 * that they refer to, and are read when a leaf is split.
 *
 * ```
 *                 ┌ inner ────────────────────┐
 *                 │ …, a │ 500, b │ 900, c    │          entries: from which deadline and reference on
 *                 └──┬───────┬────────┬───────┘
 *   due first        ▼       ▼        ▼
 *            ┌ leaf ────┐ ┌ leaf ─┐ ┌ leaf ──┐           up to 125 references each, unsorted
 *            │ x  a  r  │ │ b …   │ │ c …    │
 *            └──────────┘ └───────┘ └────────┘
 * ```
 *
 * Deadlines that come in ascending order fill leaves entirely, others to two thirds. Two neighbours
 * under one block that are less than three quarters full together become one, when one of them has
 * become less than a quarter full.
 *
 * A tree is the reference of 16 bytes, drawn in deadline_blocks.ts. Removing never needs memory.
 */

import { assert } from "../assert.ts";
import { type Arena, ArenaFullError, NONE, type Ref } from "../arena/arena.ts";
import type { RefList } from "../set/ref_list.ts";
import * as blockLayout from "./deadline_blocks.ts";
import { DeadlineBlocks } from "./deadline_blocks.ts";

const { INNER_ENTRIES, LEAF_BYTES, LEAF_REFS, MIN_LEAF_BYTES, NEXT, roomOf } = blockLayout;

// Words of a tree behind the list of its blocks.
const ROOT = 1;
const HEIGHT = 2; // levels of inner blocks
const TREE_COUNT = 3;
const TREE_BYTES = 16;

/** Levels of a tree that has split all 2^32 references into quarter-full blocks, and more. */
const MAX_HEIGHT = 12;
/** Bytes that an insertion adds in the long run: a new leaf for every 63, and its entries. */
const BYTES_PER_INSERTION = 16;
/** Bytes that the first insertion may take: a block a level. */
const FIRST_INSERTION_BYTES = 8192;

/** Operations on the deadline trees of one arena; see the top of the file. */
export class DeadlineTree {
  readonly #arena: Arena;
  readonly #blocks: DeadlineBlocks;
  readonly #deadlineOf: (ref: Ref) => number;
  /** The way to a leaf: a block for each level, the leaf's 0, and which of its entries was taken. */
  readonly #path = new Int32Array(MAX_HEIGHT + 1);
  readonly #slots = new Int32Array(MAX_HEIGHT + 1);
  #isLast = false;
  /** The pairs of a leaf that is split, sorted. */
  readonly #refs = new Int32Array(LEAF_REFS + 1);
  readonly #deadlines = new Float64Array(LEAF_REFS + 1);
  /** Blocks for a split, taken before anything changes. */
  readonly #fresh: Ref[] = [];

  /** @param deadlineOf the deadline of what is referred to, in ms: an integer from 0 to 2^52 */
  constructor(arena: Arena, deadlineOf: (ref: Ref) => number) {
    this.#arena = arena;
    this.#blocks = new DeadlineBlocks(arena);
    this.#deadlineOf = deadlineOf;
  }

  /** A new empty tree. @throws {ArenaFullError} */
  create(): Ref {
    return this.#arena.allocateZeroed(TREE_BYTES);
  }

  /** Frees the tree, and nothing that it refers to. O(n / 60). */
  destroy(tree: Ref): void {
    const arena = this.#arena;
    for (let block = tree; block !== NONE;) {
      const next = arena.word(block, NEXT);
      arena.free(block);
      block = next;
    }
  }

  /** Bytes that it takes in the arena. O(n / 60). */
  memoryBytes(tree: Ref): number {
    const arena = this.#arena;
    let bytes = 0;
    for (let block = tree; block !== NONE; block = arena.word(block, NEXT)) {
      bytes += arena.capacity(block);
    }
    return bytes;
  }

  /** Number of references. O(1). */
  count(tree: Ref): number {
    return this.#arena.word(tree, TREE_COUNT);
  }

  /** More than so many insertions take from the arena. */
  static insertionBytes(insertions: number): number {
    return FIRST_INSERTION_BYTES + insertions * BYTES_PER_INSERTION;
  }

  /**
   * Adds a reference that is not there. O(log n).
   *
   * @param ms its deadline
   * @throws {ArenaFullError} nothing has changed
   */
  insert(tree: Ref, ref: Ref, ms: number): void {
    const blocks = this.#blocks;
    const height = this.#arena.word(tree, HEIGHT);
    if (this.#arena.word(tree, ROOT) === NONE) this.#plant(tree);
    this.#descend(tree, ms, ref);
    const leaf = this.#path[0];
    const count = blocks.count(leaf);
    if (height === 0 && count === roomOf(this.#arena.capacity(leaf)) && count < LEAF_REFS) {
      blocks.append(this.#resizeRoot(tree, leaf, this.#arena.capacity(leaf) * 2), ref);
    } else if (count < LEAF_REFS) {
      blocks.append(leaf, ref);
    } else {
      this.#split(tree, height, ref, ms);
    }
    this.#arena.setWord(tree, TREE_COUNT, this.count(tree) + 1);
  }

  #plant(tree: Ref): void {
    const leaf = this.#blocks.createLeaf(MIN_LEAF_BYTES);
    this.#blocks.link(tree, leaf);
    this.#arena.setWord(tree, ROOT, leaf);
  }

  /** Gives the only leaf another size. @throws {ArenaFullError} */
  #resizeRoot(tree: Ref, leaf: Ref, bytes: number): Ref {
    const moved = this.#arena.resize(leaf, bytes);
    this.#blocks.relink(moved);
    this.#arena.setWord(tree, ROOT, moved);
    return moved;
  }

  /** Notes the way to the leaf of a deadline and reference. */
  #descend(tree: Ref, ms: number, ref: Ref): void {
    const blocks = this.#blocks;
    let block = this.#arena.word(tree, ROOT);
    this.#isLast = true;
    for (let level = this.#arena.word(tree, HEIGHT); level > 0; level--) {
      const slot = blocks.find(block, ms, ref);
      if (slot !== blocks.count(block) - 1) this.#isLast = false;
      this.#path[level] = block;
      this.#slots[level] = slot;
      block = blocks.child(block, slot);
    }
    this.#path[0] = block;
  }

  /** Adds a reference to the full leaf at the end of the path. */
  #split(tree: Ref, height: number, ref: Ref, ms: number): void {
    const blocks = this.#blocks;
    this.#prepareBlocks(height);
    const leaf = this.#path[0];
    this.#sort(leaf, ref, ms);
    const refs = this.#refs;
    // In ascending order nothing comes to the left half again.
    const isAscending = this.#isLast && refs[LEAF_REFS] === ref;
    const left = isAscending ? LEAF_REFS : (LEAF_REFS + 1) >> 1;
    const right = this.#takeFresh(tree);
    blocks.setCount(leaf, 0);
    for (let i = 0; i < left; i++) blocks.append(leaf, refs[i]);
    for (let i = left; i <= LEAF_REFS; i++) blocks.append(right, refs[i]);
    this.#addChild(tree, height, this.#deadlines[left], refs[left], right);
  }

  /** Takes the blocks that a split needs. @throws {ArenaFullError} it took none */
  #prepareBlocks(height: number): void {
    const blocks = this.#blocks;
    const fresh = this.#fresh;
    fresh.length = 0;
    try {
      let level = 1;
      while (level <= height && blocks.count(this.#path[level]) === INNER_ENTRIES) level++;
      // What is taken last is used first: the leaf.
      const inners = level > height ? height + 1 : level - 1;
      for (let i = 0; i < inners; i++) fresh.push(blocks.createInner());
      fresh.push(blocks.createLeaf(LEAF_BYTES));
    } catch (error) {
      for (const block of fresh) this.#arena.free(block);
      throw error;
    }
  }

  #takeFresh(tree: Ref): Ref {
    const block = this.#fresh.pop()!;
    this.#blocks.link(tree, block);
    return block;
  }

  /** Puts a new child beside the one that the path leads through, from the leaf's level upwards. */
  #addChild(tree: Ref, height: number, fromMs: number, fromRef: Ref, child: Ref): void {
    const blocks = this.#blocks;
    let ms = fromMs;
    let ref = fromRef;
    let added = child;
    for (let level = 1; level <= height; level++) {
      const inner = this.#path[level];
      const slot = this.#slots[level] + 1;
      if (blocks.count(inner) < INNER_ENTRIES) {
        return blocks.insertEntry(inner, slot, ms, ref, added);
      }
      const right = this.#takeFresh(tree);
      if (slot === INNER_ENTRIES) {
        blocks.insertEntry(right, 0, ms, ref, added);
      } else {
        const half = (INNER_ENTRIES + 1) >> 1;
        blocks.moveEntries(inner, half, right);
        if (slot <= half) blocks.insertEntry(inner, slot, ms, ref, added);
        else blocks.insertEntry(right, slot - half, ms, ref, added);
      }
      ms = blocks.entryMs(right, 0);
      ref = blocks.entryRef(right, 0);
      added = right;
    }
    const root = this.#takeFresh(tree);
    blocks.insertEntry(root, 0, 0, NONE, this.#arena.word(tree, ROOT));
    blocks.insertEntry(root, 1, ms, ref, added);
    this.#arena.setWord(tree, ROOT, root);
    this.#arena.setWord(tree, HEIGHT, height + 1);
  }

  /** Loads the pairs of a full leaf, and one more, in their order. O(L log L) and so, for it is Shell's sort. */
  #sort(leaf: Ref, ref: Ref, ms: number): void {
    const refs = this.#refs;
    const deadlines = this.#deadlines;
    for (let i = 0; i < LEAF_REFS; i++) {
      refs[i] = this.#blocks.ref(leaf, i);
      deadlines[i] = this.#deadlineOf(refs[i]);
    }
    refs[LEAF_REFS] = ref;
    deadlines[LEAF_REFS] = ms;
    for (const gap of SHELL_GAPS) {
      for (let i = gap; i <= LEAF_REFS; i++) {
        const movedRef = refs[i];
        const movedMs = deadlines[i];
        let at = i;
        for (; at >= gap; at -= gap) {
          const before = deadlines[at - gap];
          if (before < movedMs || (before === movedMs && refs[at - gap] < movedRef)) break;
          refs[at] = refs[at - gap];
          deadlines[at] = before;
        }
        refs[at] = movedRef;
        deadlines[at] = movedMs;
      }
    }
  }

  /** Takes out a reference that was inserted with this deadline. O(log n). */
  remove(tree: Ref, ref: Ref, ms: number): void {
    const blocks = this.#blocks;
    this.#descend(tree, ms, ref);
    const leaf = this.#path[0];
    const index = blocks.indexOf(leaf, ref);
    assert(index !== -1, "a deadline that is not in the tree");
    const last = blocks.count(leaf) - 1;
    blocks.setRef(leaf, index, blocks.ref(leaf, last));
    blocks.setCount(leaf, last);
    this.#arena.setWord(tree, TREE_COUNT, this.count(tree) - 1);
    this.#afterRemoval(tree);
  }

  /**
   * Takes out up to `limit` references whose deadline is before `nowMs`, the earliest leaves first, and
   * lists them. O(limit + log n).
   */
  takeDue(tree: Ref, nowMs: number, limit: number, found: RefList): void {
    const blocks = this.#blocks;
    while (found.count < limit && this.#arena.word(tree, ROOT) !== NONE) {
      this.#descend(tree, -1, NONE);
      const leaf = this.#path[0];
      const count = blocks.count(leaf);
      const before = found.count;
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const ref = blocks.ref(leaf, i);
        if (found.count < limit && this.#deadlineOf(ref) < nowMs) found.push(ref);
        else blocks.setRef(leaf, kept++, ref);
      }
      blocks.setCount(leaf, kept);
      this.#arena.setWord(tree, TREE_COUNT, this.count(tree) - (found.count - before));
      this.#afterRemoval(tree);
      if (kept > 0) return;
    }
  }

  /** Makes less of blocks that have become empty, or nearly so, along the path. */
  #afterRemoval(tree: Ref): void {
    const arena = this.#arena;
    const blocks = this.#blocks;
    let height = arena.word(tree, HEIGHT);
    for (let level = 0; level < height; level++) {
      const bound = level === 0 ? LEAF_REFS : INNER_ENTRIES;
      if (blocks.count(this.#path[level]) * 4 >= bound || !this.#unite(level, bound)) return;
    }
    for (; height > 0; height--) {
      const root = arena.word(tree, ROOT);
      if (blocks.count(root) > 1) return;
      arena.setWord(tree, ROOT, blocks.count(root) === 0 ? NONE : blocks.child(root, 0));
      arena.setWord(tree, HEIGHT, blocks.count(root) === 0 ? 0 : height - 1);
      const isEmpty = blocks.count(root) === 0;
      blocks.drop(root);
      if (isEmpty) return;
    }
    this.#trimRoot(tree);
  }

  /**
   * Makes one block of that of a level on the path and a neighbour, or drops it where it is empty.
   *
   * @returns whether the block above has an entry less
   */
  #unite(level: number, bound: number): boolean {
    const blocks = this.#blocks;
    const block = this.#path[level];
    const parent = this.#path[level + 1];
    const slot = this.#slots[level + 1];
    if (blocks.count(block) === 0) {
      blocks.removeEntry(parent, slot);
      blocks.drop(block);
      return true;
    }
    return (slot + 1 < blocks.count(parent) && this.#join(level, parent, slot, bound)) ||
      (slot > 0 && this.#join(level, parent, slot - 1, bound));
  }

  /** Makes one block of a child and the next, if they are not too much. @returns whether it did */
  #join(level: number, parent: Ref, left: number, bound: number): boolean {
    const blocks = this.#blocks;
    const into = blocks.child(parent, left);
    const from = blocks.child(parent, left + 1);
    if ((blocks.count(into) + blocks.count(from)) * 4 > bound * 3) return false;
    if (level === 0) {
      blocks.moveRefs(from, into);
    } else {
      // The first entry of the right one has begun where its parent's entry says.
      const ms = blocks.entryMs(parent, left + 1);
      const ref = blocks.entryRef(parent, left + 1);
      const child = blocks.child(from, 0);
      blocks.removeEntry(from, 0);
      blocks.insertEntry(into, blocks.count(into), ms, ref, child);
      blocks.moveEntries(from, 0, into);
    }
    blocks.removeEntry(parent, left + 1);
    blocks.drop(from);
    return true;
  }

  /** Gives back what the only leaf does not need. */
  #trimRoot(tree: Ref): void {
    const leaf = this.#arena.word(tree, ROOT);
    if (leaf === NONE) return;
    const count = this.#blocks.count(leaf);
    if (count === 0) {
      this.#arena.setWord(tree, ROOT, NONE);
      return this.#blocks.drop(leaf);
    }
    const bytes = this.#arena.capacity(leaf);
    if (bytes === MIN_LEAF_BYTES || count * 4 > roomOf(bytes)) return;
    try {
      this.#resizeRoot(tree, leaf, bytes / 2);
    } catch (error) {
      if (!(error instanceof ArenaFullError)) throw error; // no room to move: stay
    }
  }

  /** The earliest deadline, Infinity in an empty tree. O(log n), with a look at the 125 of a leaf. */
  earliestMs(tree: Ref): number {
    if (this.#arena.word(tree, ROOT) === NONE) return Infinity;
    const blocks = this.#blocks;
    this.#descend(tree, -1, NONE);
    const leaf = this.#path[0];
    let earliest = Infinity;
    for (let i = blocks.count(leaf) - 1; i >= 0; i--) {
      earliest = Math.min(earliest, this.#deadlineOf(blocks.ref(leaf, i)));
    }
    return earliest;
  }

  /** How many deadlines are before `nowMs`. O(log n + those / 60). */
  countDue(tree: Ref, nowMs: number): number {
    const root = this.#arena.word(tree, ROOT);
    return root === NONE ? 0 : this.#countDue(root, this.#arena.word(tree, HEIGHT), nowMs);
  }

  #countDue(block: Ref, level: number, nowMs: number): number {
    const blocks = this.#blocks;
    const count = blocks.count(block);
    let due = 0;
    if (level === 0) {
      for (let i = 0; i < count; i++) if (this.#deadlineOf(blocks.ref(block, i)) < nowMs) due++;
      return due;
    }
    for (let i = 0; i < count; i++) {
      const child = blocks.child(block, i);
      const isAllDue = i + 1 < count && blocks.entryMs(block, i + 1) < nowMs;
      if (!isAllDue) return due + this.#countDue(child, level - 1, nowMs);
      due += this.#countAll(child, level - 1);
    }
    return due;
  }

  #countAll(block: Ref, level: number): number {
    const blocks = this.#blocks;
    const count = blocks.count(block);
    if (level === 0) return count;
    let total = 0;
    for (let i = 0; i < count; i++) total += this.#countAll(blocks.child(block, i), level - 1);
    return total;
  }

  /** Checks order, counts and the list of blocks. O(n), for tests. @throws {AssertionError} */
  verify(tree: Ref): void {
    const arena = this.#arena;
    const root = arena.word(tree, ROOT);
    const reached = new Set<Ref>();
    let total = 0;
    const visit = (block: Ref, level: number, from: Pair, to: Pair) => {
      reached.add(block);
      const count = this.#blocks.count(block);
      assert(count > 0, "an empty block");
      if (level === 0) {
        total += count;
        for (let i = 0; i < count; i++) {
          const ref = this.#blocks.ref(block, i);
          const pair: Pair = [this.#deadlineOf(ref), ref];
          assert(!isBefore(pair, from) && isBefore(pair, to), "a deadline in the wrong leaf");
        }
        return;
      }
      for (let i = 0; i < count; i++) {
        const own = i === 0 ? from : this.#entry(block, i);
        const next = i + 1 < count ? this.#entry(block, i + 1) : to;
        assert(isBefore(own, next), "entries out of order");
        visit(this.#blocks.child(block, i), level - 1, own, next);
      }
    };
    if (root !== NONE) visit(root, arena.word(tree, HEIGHT), [-Infinity, 0], [Infinity, 0]);
    assert(total === this.count(tree), "references are counted wrongly");
    let listed = 0;
    for (let block = arena.word(tree, NEXT); block !== NONE; block = arena.word(block, NEXT)) {
      assert(reached.has(block) && listed++ < reached.size, "a block that nothing refers to");
    }
    assert(listed === reached.size, "a block that is not in the list");
  }

  #entry(inner: Ref, index: number): Pair {
    return [this.#blocks.entryMs(inner, index), this.#blocks.entryRef(inner, index)];
  }
}

/** A deadline and a reference. */
type Pair = readonly [ms: number, ref: Ref];

function isBefore([ms, ref]: Pair, [otherMs, otherRef]: Pair): boolean {
  return ms < otherMs || (ms === otherMs && ref < otherRef);
}

/** Ciura's, as far as a leaf has need of them. */
const SHELL_GAPS = [57, 23, 10, 4, 1] as const;
