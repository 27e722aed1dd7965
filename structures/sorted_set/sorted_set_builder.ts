/**
 * Makes large sorted sets of elements that come one by one, faster than by inserting each: they are
 * put into the table as they come, and into the tree once all are there and in order. Redis writes the
 * highest first, so that most often nothing is sorted.
 *
 * ```
 *   add ──▶ hash table: is it there already?
 *     └───▶ references, in the order of their coming ──▶ finish: reversed, or sorted ──▶ AVL tree
 * ```
 */

import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { compareElements, createElement, scoreOf } from "./sorted_set_element.ts";
import { TreeSortedSet } from "./sorted_set_tree.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;

const INITIAL_ELEMENTS = 1024;

/** Makes one set after another; see the top of the file. */
export class SortedSetBuilder {
  /** The set that is being built, or is finished. */
  ref: Ref = NONE;
  readonly #arena: Arena;
  readonly #hasher: KeyHasher;
  readonly #tree: TreeSortedSet;
  #elements = new Int32Array(INITIAL_ELEMENTS);
  #count = 0;
  #isRising = true;
  #isFalling = true;

  constructor(arena: Arena, hasher: KeyHasher) {
    this.#arena = arena;
    this.#hasher = hasher;
    this.#tree = new TreeSortedSet(arena, hasher);
  }

  /** Begins a set of about so many elements. O(1). @throws {ArenaFullError} */
  begin(expected: number): void {
    this.ref = this.#tree.create(expected);
    this.#count = 0;
    this.#isRising = true;
    this.#isFalling = true;
  }

  /** Adds a member with a score and answers whether it is new. O(1). @throws {ArenaFullError} */
  add(score: number, bytes: Uint8Array, start: number, length: number): boolean {
    const tree = this.#tree;
    if (tree.find(this.ref, bytes, start, length) !== NONE) return false;
    const element = createElement(this.#arena, score, bytes, start, length);
    try {
      tree.addUnordered(this.ref, element, this.#hasher.hash(bytes, start, length));
    } catch (error) {
      this.#arena.free(element);
      throw error;
    }
    this.#note(element);
    return true;
  }

  #note(element: Ref): void {
    const count = this.#count;
    if (count === this.#elements.length) {
      const larger = new Int32Array(2 * count);
      larger.set(this.#elements);
      this.#elements = larger;
    }
    if (count > 0 && (this.#isRising || this.#isFalling)) {
      if (compareElements(this.#arena, this.#elements[count - 1], element) < 0) {
        this.#isFalling = false;
      } else this.#isRising = false;
    }
    this.#elements[count] = element;
    this.#count = count + 1;
  }

  /**
   * Ends a set: `ref` is a tree of sorted_set.ts. O(n), O(n log n) where they came in no order.
   *
   * @throws {ArenaFullError} it is yet to be abandoned then
   */
  finish(): void {
    const elements = this.#elements.subarray(0, this.#count);
    if (this.#isFalling) elements.reverse();
    else if (!this.#isRising) elements.sort((a, b) => compareElements(this.#arena, a, b));
    const scores = Float64Array.from(elements, (element) => scoreOf(this.#arena, element));
    this.#tree.orderAs(this.ref, elements, scores, elements.length);
    this.#release();
  }

  /** Frees a set that is begun and not finished. O(n). */
  abandon(): void {
    this.#tree.destroy(this.ref);
    this.ref = NONE;
    this.#release();
  }

  #release(): void {
    if (this.#elements.length > INITIAL_ELEMENTS) {
      this.#elements = new Int32Array(INITIAL_ELEMENTS);
    }
    this.#count = 0;
  }
}
