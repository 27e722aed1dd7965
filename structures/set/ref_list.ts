/**
 * A list of references, or of other 32-bit positions: what a walk found before its number, with
 * which a reply begins, is known. Four bytes each; one list is used again and again.
 */

/** Room that a list keeps when it is not in use. */
const KEPT = 1024;

export class RefList {
  #refs = new Int32Array(KEPT);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(ref: number): void {
    if (this.#count === this.#refs.length) {
      const larger = new Int32Array(this.#count * 2);
      larger.set(this.#refs);
      this.#refs = larger;
    }
    this.#refs[this.#count++] = ref;
  }

  at(index: number): number {
    return this.#refs[index];
  }

  set(index: number, ref: number): void {
    this.#refs[index] = ref;
  }

  /** Drops what stands at `count` and behind it. */
  truncate(count: number): void {
    this.#count = count;
  }

  /** Empties the list, and gives back the room that a long one took. */
  clear(): void {
    this.#count = 0;
    if (this.#refs.length > KEPT) this.#refs = new Int32Array(KEPT);
  }
}
