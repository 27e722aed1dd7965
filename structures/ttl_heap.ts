/**
 * The TTL heap: which entry expires next, with each entry knowing its place in the heap.
 *
 * It is a 4-ary min-heap of (expireAtMs, entry). A word of the entry's own block says in which slot
 * it is, so an expiry is read in O(1), and changed or removed in O(log n), without a search.
 *
 * ```
 * heap, 16 bytes   ┌───────────┬─────────────────┬──────┬─────────────┐
 *                  │ directory │ directory words │ size │ first slots │
 *                  └─────┬─────┴─────────────────┴──────┴─────────────┘
 *    up to 4,096 slots   └──▶ ┌─ chunk of 16, 32, … 4,096 slots ──┐   no directory (0 words)
 *    more                └──▶ ┌─ directory ───┐
 *                             │ chunk │ chunk │ …    of 4,096 slots each, doubled when full
 *                             └───────┴───────┘
 * chunk            ┌─ group 0, 48 bytes ─────────────────────────────────┬─ group 1 ─ …
 *                  │ ms │ ms │ ms │ ms │ entry │ entry │ entry │ entry   │
 *                  └ 4 × 64-bit integer ─┴────────── 4 words ────────────┴────
 * slots              –    –    –    3 = root                                4 to 7 = its children
 * ```
 *
 * An expiry is milliseconds since 1970, a signed integer of 64 bits: low word, high word. It is told
 * as a double, which is exact for the next 285,000 years, and exactly to whoever asks for that.
 *
 * The four children of slot s are the slots from 4 (s - 2) on: one whole group, so one level of the
 * heap is one or two cache lines. A slot is never 0, hence 0 in an entry's word means "no expiry".
 * The heap grows and shrinks by a chunk; only a heap of one chunk is ever copied (48 KiB at most),
 * and of a larger one only the directory: 4 bytes for each 4,096 entries, kept while the heap has a
 * second chunk.
 */

import { assert } from "./assert.ts";
import { type Arena, ArenaFullError, type Ref } from "./arena/arena.ts";
import * as arenaLayout from "./arena/arena_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

// Words of a heap.
const DIRECTORY = 0;
const DIRECTORY_WORDS = 1; // 0: DIRECTORY is the only chunk, or NONE
const SIZE = 2;
const FIRST_SLOTS = 3; // slots of the first chunk, 0 while there is none
const HEAP_BYTES = 16;

const ROOT_SLOT = 3;
const CHUNK_SHIFT = 12;
const CHUNK_SLOTS = 1 << CHUNK_SHIFT;
const MIN_CHUNK_SLOTS = 16;
const SLOT_BYTES = 12;
const GROUP_WORDS = 12;
const ENTRY_WORD = 8;
const HIGH_UNIT = 2 ** 32;
const MIN_DIRECTORY_WORDS = 8;

/** Operations on the TTL heaps of one arena whose entries keep their slot at one place. */
export class TtlHeap {
  readonly #arena: Arena;
  readonly #words: readonly Int32Array[];
  readonly #position: number;

  /** @param positionWord the word, in each entry, that belongs to the heap: 0 while not in it */
  constructor(arena: Arena, positionWord: number) {
    this.#arena = arena;
    this.#words = arena.words;
    this.#position = positionWord;
  }

  /** A new empty heap of 16 bytes. @throws {ArenaFullError} */
  create(): Ref {
    return this.#arena.allocateZeroed(HEAP_BYTES);
  }

  /** Frees the heap; the entries keep their blocks and their words. O(n / 4,096). */
  destroy(heap: Ref): void {
    this.forEachBlock(heap, (block) => this.#arena.free(block));
  }

  /** Visits every block of the heap itself; the visitor may free each. O(n / 4,096). */
  forEachBlock(heap: Ref, visit: (block: Ref) => void): void {
    const directory = this.#arena.word(heap, DIRECTORY);
    const length = this.#arena.word(heap, DIRECTORY_WORDS);
    for (let i = 0; i < length; i++) {
      const chunk = this.#arena.word(directory, i);
      if (chunk !== NONE) visit(chunk);
    }
    if (directory !== NONE) visit(directory);
    visit(heap);
  }

  /** Number of entries. O(1). */
  size(heap: Ref): number {
    return this.#arena.word(heap, SIZE);
  }

  /** An entry with the smallest expiry, or NONE from an empty heap. O(1). */
  peek(heap: Ref): Ref {
    return this.size(heap) === 0 ? NONE : this.#entryAt(heap, ROOT_SLOT);
  }

  /** The smallest expiry, in ms, or Infinity from an empty heap. O(1). */
  peekExpireAtMs(heap: Ref): number {
    return this.size(heap) === 0 ? Infinity : this.#expireAtMsAt(heap, ROOT_SLOT);
  }

  /** An entry chosen uniformly, or NONE from an empty heap. O(1). */
  random(heap: Ref, randomInt: (bound: number) => number): Ref {
    const size = this.size(heap);
    return size === 0 ? NONE : this.#entryAt(heap, ROOT_SLOT + randomInt(size));
  }

  /**
   * The mean expiry, in ms, of up to `samples` entries that stand at equal distances in the heap:
   * exact where it holds no more, NaN from an empty heap. O(samples).
   */
  meanExpireAtMs(heap: Ref, samples: number): number {
    const size = this.size(heap);
    const count = Math.min(size, samples);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += this.#expireAtMsAt(heap, ROOT_SLOT + Math.floor(i * size / count));
    }
    return sum / count;
  }

  /** Index, in the words of its segment, of an entry's word that belongs to the heap. */
  protected positionIn(entry: Ref): number {
    return ((entry & SEGMENT_MASK) << 1) + this.#position;
  }

  #positionOf(entry: Ref): number {
    return this.#words[entry >>> SEGMENT_SHIFT][this.positionIn(entry)];
  }

  #setPosition(entry: Ref, slot: number): void {
    this.#words[entry >>> SEGMENT_SHIFT][this.positionIn(entry)] = slot;
  }

  /** When the entry expires, in ms, or Infinity when it is not in the heap. O(1). */
  expireAtMs(heap: Ref, entry: Ref): number {
    const slot = this.#positionOf(entry);
    return slot === 0 ? Infinity : this.#expireAtMsAt(heap, slot);
  }

  /** As {@linkcode expireAtMs}, all 64 bits of it, for an entry that is in the heap. O(1). */
  exactExpireAtMs(heap: Ref, entry: Ref): number | bigint {
    const slot = this.#slotOf(heap, entry);
    const ms = this.#expireAtMsAt(heap, slot);
    if (Number.isSafeInteger(ms)) return ms;
    return (BigInt(this.#highAt(heap, slot)) << 32n) | BigInt(this.#lowAt(heap, slot) >>> 0);
  }

  /**
   * Makes room for one more entry, so that the next `insert` does not fail. O(1).
   *
   * @throws {ArenaFullError} the heap is as before
   */
  reserve(heap: Ref): void {
    this.#reserve(heap, this.size(heap) + ROOT_SLOT);
  }

  /**
   * Adds an entry, which must not be in a heap; its word may hold anything. O(log n), O(1) on average.
   *
   * @param expireAtMs a safe integer, or a bigint of 64 bits
   * @throws {ArenaFullError} when there is no room to grow; heap and entry are as before
   */
  insert(heap: Ref, entry: Ref, expireAtMs: number | bigint): void {
    const size = this.size(heap);
    const slot = size + ROOT_SLOT;
    this.#reserve(heap, slot);
    this.#arena.setWord(heap, SIZE, size + 1);
    this.#siftUp(heap, slot, entry, highOf(expireAtMs), lowOf(expireAtMs));
  }

  /** Changes when an entry of the heap expires; see {@linkcode insert}. O(log n). */
  update(heap: Ref, entry: Ref, expireAtMs: number | bigint): void {
    const slot = this.#slotOf(heap, entry);
    this.#move(heap, slot, entry, highOf(expireAtMs), lowOf(expireAtMs));
  }

  /** Puts an entry in the place of whatever is in `slot`, and from there to where it belongs. */
  #move(heap: Ref, slot: number, entry: Ref, high: number, low: number): void {
    const parent = parentOf(slot);
    if (
      slot !== ROOT_SLOT &&
      isBefore(high, low, this.#highAt(heap, parent), this.#lowAt(heap, parent))
    ) this.#siftUp(heap, slot, entry, high, low);
    else this.#siftDown(heap, slot, entry, high, low);
  }

  /** Takes an entry out of the heap and sets its word to 0. O(log n). */
  remove(heap: Ref, entry: Ref): void {
    const slot = this.#slotOf(heap, entry);
    const size = this.size(heap) - 1;
    const lastSlot = size + ROOT_SLOT;
    this.#arena.setWord(heap, SIZE, size);
    this.#setPosition(entry, 0);
    if (slot !== lastSlot) {
      const last = this.#entryAt(heap, lastSlot);
      this.#move(heap, slot, last, this.#highAt(heap, lastSlot), this.#lowAt(heap, lastSlot));
    }
    this.#release(heap, lastSlot);
  }

  /** Tells the heap that an entry's block, its word included, has been copied to `entry`. O(1). */
  relocate(heap: Ref, entry: Ref): void {
    const slot = this.#positionOf(entry);
    assert(slot >= ROOT_SLOT && slot < this.size(heap) + ROOT_SLOT, "an entry without expiry");
    const chunk = this.#chunkOf(heap, slot);
    this.#words[chunk >>> SEGMENT_SHIFT][entryIndex(chunk, slot)] = entry;
  }

  #slotOf(heap: Ref, entry: Ref): number {
    const slot = this.#positionOf(entry);
    assert(slot >= ROOT_SLOT && slot < this.size(heap) + ROOT_SLOT, "an entry without expiry");
    assert(this.#entryAt(heap, slot) === entry, "an entry of another heap");
    return slot;
  }

  #chunkOf(heap: Ref, slot: number): Ref {
    const words = this.#words[heap >>> SEGMENT_SHIFT];
    const at = (heap & SEGMENT_MASK) << 1;
    const directory = words[at + DIRECTORY];
    if (words[at + DIRECTORY_WORDS] === 0) return directory;
    return this.#words[directory >>> SEGMENT_SHIFT][
      ((directory & SEGMENT_MASK) << 1) + (slot >>> CHUNK_SHIFT)
    ];
  }

  #entryAt(heap: Ref, slot: number): Ref {
    const chunk = this.#chunkOf(heap, slot);
    return this.#words[chunk >>> SEGMENT_SHIFT][entryIndex(chunk, slot)];
  }

  #expireAtMsAt(heap: Ref, slot: number): number {
    const chunk = this.#chunkOf(heap, slot);
    const words = this.#words[chunk >>> SEGMENT_SHIFT];
    const at = msIndex(chunk, slot);
    return words[at + 1] * HIGH_UNIT + (words[at] >>> 0);
  }

  #lowAt(heap: Ref, slot: number): number {
    const chunk = this.#chunkOf(heap, slot);
    return this.#words[chunk >>> SEGMENT_SHIFT][msIndex(chunk, slot)];
  }

  #highAt(heap: Ref, slot: number): number {
    const chunk = this.#chunkOf(heap, slot);
    return this.#words[chunk >>> SEGMENT_SHIFT][msIndex(chunk, slot) + 1];
  }

  #put(heap: Ref, slot: number, entry: Ref, high: number, low: number): void {
    const chunk = this.#chunkOf(heap, slot);
    const words = this.#words[chunk >>> SEGMENT_SHIFT];
    const at = msIndex(chunk, slot);
    words[at] = low;
    words[at + 1] = high;
    words[entryIndex(chunk, slot)] = entry;
    this.#setPosition(entry, slot);
  }

  /** Puts the entry into the free `slot` or above it, where it belongs. */
  #siftUp(heap: Ref, slot: number, entry: Ref, high: number, low: number): void {
    while (slot !== ROOT_SLOT) {
      const parent = parentOf(slot);
      const parentHigh = this.#highAt(heap, parent);
      const parentLow = this.#lowAt(heap, parent);
      if (!isBefore(high, low, parentHigh, parentLow)) break;
      this.#put(heap, slot, this.#entryAt(heap, parent), parentHigh, parentLow);
      slot = parent;
    }
    this.#put(heap, slot, entry, high, low);
  }

  /** Puts the entry into the free `slot` or below it, where it belongs. */
  #siftDown(heap: Ref, slot: number, entry: Ref, high: number, low: number): void {
    const end = this.size(heap) + ROOT_SLOT;
    for (;;) {
      const first = firstChildOf(slot);
      if (first >= end) break;
      // The children are one group of one chunk: neighbours.
      const chunk = this.#chunkOf(heap, first);
      const words = this.#words[chunk >>> SEGMENT_SHIFT];
      const at = msIndex(chunk, first);
      const count = Math.min(4, end - first);
      let least = 0;
      let leastLow = words[at];
      let leastHigh = words[at + 1];
      for (let i = 1; i < count; i++) {
        const childLow = words[at + 2 * i];
        const childHigh = words[at + 2 * i + 1];
        if (isBefore(childHigh, childLow, leastHigh, leastLow)) {
          least = i;
          leastLow = childLow;
          leastHigh = childHigh;
        }
      }
      if (!isBefore(leastHigh, leastLow, high, low)) break;
      const child = first + least;
      this.#put(heap, slot, words[entryIndex(chunk, child)], leastHigh, leastLow);
      slot = child;
    }
    this.#put(heap, slot, entry, high, low);
  }

  /** Makes room for `slot`, the one behind the last, where there is none yet. */
  #reserve(heap: Ref, slot: number): void {
    const arena = this.#arena;
    const firstSlots = arena.word(heap, FIRST_SLOTS);
    if (arena.word(heap, DIRECTORY_WORDS) !== 0) {
      if ((slot & (CHUNK_SLOTS - 1)) === 0) this.#addChunk(heap, slot >>> CHUNK_SHIFT);
    } else if (firstSlots === 0) {
      arena.setWord(heap, DIRECTORY, arena.allocate(MIN_CHUNK_SLOTS * SLOT_BYTES));
      arena.setWord(heap, FIRST_SLOTS, MIN_CHUNK_SLOTS);
    } else if (slot === CHUNK_SLOTS) {
      this.#replaceDirectory(heap, NONE, MIN_DIRECTORY_WORDS, 1);
    } else if (slot === firstSlots) {
      this.#resizeFirst(heap, firstSlots * 2);
    }
  }

  #addChunk(heap: Ref, index: number): void {
    const arena = this.#arena;
    const directory = arena.word(heap, DIRECTORY);
    const length = arena.word(heap, DIRECTORY_WORDS);
    if (index === length) this.#replaceDirectory(heap, directory, length * 2, index);
    else if (arena.word(directory, index) === NONE) {
      arena.setWord(directory, index, arena.allocate(CHUNK_SLOTS * SLOT_BYTES));
    }
  }

  /** Makes a directory of `length` chunks from the old one (or the only chunk), and a new chunk. */
  #replaceDirectory(heap: Ref, old: Ref, length: number, newIndex: number): void {
    const arena = this.#arena;
    const directory = arena.allocateZeroed(length * 4);
    try {
      arena.setWord(directory, newIndex, arena.allocate(CHUNK_SLOTS * SLOT_BYTES));
    } catch (error) {
      arena.free(directory);
      throw error;
    }
    if (old === NONE) {
      arena.setWord(directory, 0, arena.word(heap, DIRECTORY));
    } else {
      arena.copy(old, 0, directory, 0, newIndex * 4);
      arena.free(old);
    }
    arena.setWord(heap, DIRECTORY, directory);
    arena.setWord(heap, DIRECTORY_WORDS, length);
  }

  #resizeFirst(heap: Ref, slots: number): void {
    const chunk = this.#arena.resize(this.#arena.word(heap, DIRECTORY), slots * SLOT_BYTES);
    this.#arena.setWord(heap, DIRECTORY, chunk);
    this.#arena.setWord(heap, FIRST_SLOTS, slots);
  }

  /** Gives memory back, once `slot` and all behind it are free. */
  #release(heap: Ref, slot: number): void {
    const arena = this.#arena;
    const directory = arena.word(heap, DIRECTORY);
    const firstSlots = arena.word(heap, FIRST_SLOTS);
    if (arena.word(heap, DIRECTORY_WORDS) !== 0) {
      if ((slot & (CHUNK_SLOTS - 1)) !== 0) return;
      const index = slot >>> CHUNK_SHIFT;
      arena.free(arena.word(directory, index));
      arena.setWord(directory, index, NONE);
      if (index !== 1) return;
      arena.setWord(heap, DIRECTORY, arena.word(directory, 0));
      arena.setWord(heap, DIRECTORY_WORDS, 0);
      arena.free(directory);
    } else if (slot === ROOT_SLOT) {
      arena.free(directory);
      arena.setWord(heap, DIRECTORY, NONE);
      arena.setWord(heap, FIRST_SLOTS, 0);
    } else if (slot * 4 === firstSlots && firstSlots > MIN_CHUNK_SLOTS) {
      // At a quarter, to a half: the next insertions need not grow it again.
      try {
        this.#resizeFirst(heap, firstSlots / 2);
      } catch (error) {
        if (!(error instanceof ArenaFullError)) throw error; // no room to move: stay
      }
    }
  }

  /**
   * Checks the heap's order, every entry's word, and the memory it keeps. O(n), for tests.
   *
   * @throws {AssertionError} at the first that does not hold
   */
  verify(heap: Ref): void {
    const arena = this.#arena;
    const end = this.size(heap) + ROOT_SLOT;
    const firstSlots = arena.word(heap, FIRST_SLOTS);
    const length = arena.word(heap, DIRECTORY_WORDS);
    if (length === 0) {
      assert(end === ROOT_SLOT ? firstSlots === 0 : end <= firstSlots, "slots without memory");
      assert((firstSlots === 0) === (arena.word(heap, DIRECTORY) === NONE), "a lost chunk");
    } else {
      for (let i = 0; i < length; i++) {
        const chunk = arena.word(arena.word(heap, DIRECTORY), i);
        assert((chunk !== NONE) === (i * CHUNK_SLOTS < end), "a chunk too many or too few");
      }
    }
    for (let slot = ROOT_SLOT; slot < end; slot++) {
      const ms = this.#expireAtMsAt(heap, slot);
      assert(this.#positionOf(this.#entryAt(heap, slot)) === slot, "a misplaced entry");
      assert(slot === ROOT_SLOT || this.#expireAtMsAt(heap, parentOf(slot)) <= ms, "out of order");
    }
  }
}

function parentOf(slot: number): number {
  return (slot >>> 2) + 2;
}

function firstChildOf(slot: number): number {
  return (slot - 2) << 2;
}

/** Whether the first of two integers of 64 bits is the smaller. */
function isBefore(high: number, low: number, otherHigh: number, otherLow: number): boolean {
  return high < otherHigh || high === otherHigh && low >>> 0 < otherLow >>> 0;
}

function highOf(value: number | bigint): number {
  if (typeof value === "number") return Math.floor(value / HIGH_UNIT) | 0;
  return Number(BigInt.asIntN(32, value >> 32n));
}

function lowOf(value: number | bigint): number {
  return typeof value === "number" ? value | 0 : Number(BigInt.asIntN(32, value));
}

/** Index of the low word of a slot's expiry, which the high one follows, in its chunk's segment. */
function msIndex(chunk: Ref, slot: number): number {
  const inChunk = slot & (CHUNK_SLOTS - 1);
  return ((chunk & SEGMENT_MASK) << 1) + (inChunk >>> 2) * GROUP_WORDS + (inChunk & 3) * 2;
}

/** Index of a slot's entry in the words of its chunk's segment. */
function entryIndex(chunk: Ref, slot: number): number {
  const inChunk = slot & (CHUNK_SLOTS - 1);
  const group = ((chunk & SEGMENT_MASK) << 1) + (inChunk >>> 2) * GROUP_WORDS;
  return group + ENTRY_WORD + (inChunk & 3);
}
