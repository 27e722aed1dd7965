// Arenas that are full at a chosen moment. All that can fail is counted, in every arena: promises
// (Arena.reserve), and allocations beyond what was promised. What was promised never fails, as it
// does not in truth (tests/structures/arena/reserve_test.ts); nor does an allocation for which a block
// of the same size has just been freed.

import { Arena, ArenaFullError } from "../../structures/arena/arena.ts";

/** One at a time; nothing fails unless it is armed. */
export class ArenaFaults implements Disposable {
  readonly #allocate = Arena.prototype.allocate;
  readonly #free = Arena.prototype.free;
  readonly #reserve = Arena.prototype.reserve;
  readonly #reserveMore = Arena.prototype.reserveMore;
  #isArmed = false;
  #left = 0;
  #lasts = false;
  #promised = 0;
  #hasFailed = false;
  /** Blocks freed meanwhile and not allocated again, by size. */
  readonly #freed = new Map<number, number>();

  constructor() {
    const allocate = this.#allocate;
    const free = this.#free;
    const reserve = this.#reserve;
    const reserveMore = this.#reserveMore;
    const beforeAllocation = (blockBytes: number) => this.#beforeAllocation(blockBytes);
    const beforePromise = (bytes: number, isMore: boolean) => {
      this.#count();
      this.#promised = bytes + (isMore ? this.#promised : 0);
    };
    Arena.prototype.allocate = function (byteLength) {
      beforeAllocation(Arena.blockBytes(byteLength));
      return allocate.call(this, byteLength);
    };
    const noteFreed = (blockBytes: number) => {
      this.#freed.set(blockBytes, (this.#freed.get(blockBytes) ?? 0) + 1);
    };
    Arena.prototype.free = function (ref) {
      noteFreed(this.capacity(ref));
      free.call(this, ref);
    };
    Arena.prototype.reserve = function (bytes) {
      beforePromise(bytes, false);
      reserve.call(this, bytes);
    };
    Arena.prototype.reserveMore = function (bytes) {
      beforePromise(bytes, true);
      reserveMore.call(this, bytes);
    };
  }

  /**
   * Makes the `at`th thing fail that can, counted from 1.
   *
   * @param lasts whether all that follow fail too
   */
  arm(at: number, lasts: boolean): void {
    this.#isArmed = true;
    this.#left = at;
    this.#lasts = lasts;
    this.#promised = 0;
    this.#hasFailed = false;
    this.#freed.clear();
  }

  /** Lets nothing fail from now on. @returns whether anything has failed */
  disarm(): boolean {
    this.#isArmed = false;
    return this.#hasFailed;
  }

  #beforeAllocation(blockBytes: number): void {
    const freed = this.#freed.get(blockBytes) ?? 0;
    if (freed > 0) this.#freed.set(blockBytes, freed - 1);
    else if (blockBytes <= this.#promised) this.#promised -= blockBytes;
    else this.#count();
  }

  #count(): void {
    if (!this.#isArmed) return;
    this.#left--;
    if (this.#lasts ? this.#left > 0 : this.#left !== 0) return;
    this.#hasFailed = true;
    throw new ArenaFullError("a fault of the test's");
  }

  [Symbol.dispose](): void {
    Arena.prototype.allocate = this.#allocate;
    Arena.prototype.free = this.#free;
    Arena.prototype.reserve = this.#reserve;
    Arena.prototype.reserveMore = this.#reserveMore;
  }
}
