/**
 * Deadlines of objects of V8's heap, the earliest first: a binary heap whose items know their place,
 * so that one which is met in time is taken out without a search.
 *
 * ```
 *            [0] earliest
 *          ┌───┴───┐
 *         [1]     [2]        children of i: 2i + 1 and 2i + 2, never earlier than i
 * ```
 */

/** What can be in a {@linkcode DeadlineHeap}, in one at a time. */
export interface Deadline {
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
  /** The item's place; -1 while it is in no heap. Only the heap writes it. */
  heapIndex: number;
}

/**
 * See the top of the file.
 *
 * @example
 * ```ts
 * const heap = new DeadlineHeap<Waiter>();
 * heap.add(waiter);
 * while (heap.first !== undefined && heap.first.deadlineMs <= nowMs) giveUp(heap.removeFirst());
 * ```
 */
export class DeadlineHeap<Item extends Deadline> {
  readonly #items: Item[] = [];

  /** Number of items. */
  get size(): number {
    return this.#items.length;
  }

  /** The item with the earliest deadline. O(1). */
  get first(): Item | undefined {
    return this.#items[0];
  }

  /** O(log n). */
  add(item: Item): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Takes an item out, if it is in. O(log n). */
  remove(item: Item): void {
    const at = item.heapIndex;
    if (at < 0) return;
    const last = this.#items.pop()!;
    item.heapIndex = -1;
    if (last === item) return;
    if (at > 0 && last.deadlineMs < this.#items[(at - 1) >> 1].deadlineMs) this.#rise(last, at);
    else this.#sink(last, at);
  }

  /** Takes the earliest item out. O(log n). */
  removeFirst(): Item | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  #rise(item: Item, from: number): void {
    const items = this.#items;
    let at = from;
    while (at > 0) {
      const parent = items[(at - 1) >> 1];
      if (parent.deadlineMs <= item.deadlineMs) break;
      this.#put(parent, at);
      at = (at - 1) >> 1;
    }
    this.#put(item, at);
  }

  #sink(item: Item, from: number): void {
    const items = this.#items;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      const right = items[child + 1];
      if (right !== undefined && right.deadlineMs < items[child].deadlineMs) child++;
      if (items[child].deadlineMs >= item.deadlineMs) break;
      this.#put(items[child], at);
      at = child;
    }
    this.#put(item, at);
  }

  #put(item: Item, at: number): void {
    this.#items[at] = item;
    item.heapIndex = at;
  }
}
