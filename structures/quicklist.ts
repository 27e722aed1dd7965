/**
 * The quicklist: a long list as a chain of listpacks (quicklist_chain.ts), each within a limit, so
 * that a change moves the bytes of one listpack and not of the list.
 *
 * Even so a push or pop at the front would move up to a whole listpack for one small element, and
 * memory that is shared between threads moves ten times slower than private memory: 8 KiB take
 * 2 µs. So the front of the chain is worked on in two small nodes, the *stage* and the *middle*:
 *
 * ```
 *            stage        middle           node
 *   push ──▶ ┌──────┐     ┌──────────┐     ┌─────────────────┐      a full stage is emptied into
 *            │ ▓▓▓░ │ ──▶ │ ▓▓▓▓▓▓░░ │ ──▶ │ ▓▓▓▓▓▓▓▓▓▓▓▓▓░░ │ ──▶  the middle, a full middle
 *            └──────┘     └──────────┘     └─────────────────┘      into the node behind
 *   pop  ◀── ┌──────┐     ┌──────────┐     ┌─────────────────┐      a large first node gives up
 *            │ ▓▓   │ ──▶ │ ▓▓▓▓▓▓▓  │ ──▶ │ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓ │ ──▶  its front to a new middle,
 *            └──────┘     └──────────┘     └─────────────────┘      and that to a new stage
 * ```
 *
 * A push at either end finds a block with room to double up to the limit; it is trimmed when the
 * next node is begun. Neighbours that have become small enough for one listpack are merged after
 * removals and insertions in the middle.
 *
 * An element larger than the limit is the only entry of its node.
 */

import { ArenaFullError, NONE, type Ref } from "./arena.ts";
import type { Listpack } from "./listpack.ts";
import { HEADER_BYTES, maxEntryBytes } from "./listpack_entry.ts";
import { type ListLimits, maxNodeBytes, maxNodeEntries } from "./list_limits.ts";
import type { QuicklistChain } from "./quicklist_chain.ts";

/** Bytes of a listpack without entries. */
const EMPTY_BYTES = HEADER_BYTES + 1;
/** Up to this size a first node is a stage, and up to this one the next a middle. */
const STAGE_BYTES = 192;
const MIDDLE_BYTES = 1024;
/** Larger entries go to the first node at once: a stage would hold too few. */
const STAGE_ENTRY_BYTES = 96;

/** Changes to quicklists; see the top of the file. What only reads is in quicklist_chain.ts. */
export class Quicklist {
  readonly #chain: QuicklistChain;
  readonly #listpack: Listpack;
  readonly #limits: ListLimits;

  /** @param limits kept, not copied */
  constructor(chain: QuicklistChain, limits: ListLimits) {
    this.#chain = chain;
    this.#listpack = chain.listpack;
    this.#limits = limits;
  }

  /** A chain of a listpack's entries, which it then owns. O(1). @throws {ArenaFullError} */
  createFrom(listpack: Ref): Ref {
    const chain = this.#chain;
    const root = chain.create();
    const entries = this.#listpack.count(listpack);
    try {
      if (entries > 0) chain.link(root, NONE, listpack, entries);
      else chain.arena.free(listpack);
    } catch (error) {
      chain.arena.free(root);
      throw error;
    }
    return root;
  }

  /** Links a node for a new listpack, which on an error is freed. */
  #link(root: Ref, previous: Ref, listpack: Ref, entries: number): Ref {
    try {
      return this.#chain.link(root, previous, listpack, entries);
    } catch (error) {
      this.#chain.arena.free(listpack);
      throw error;
    }
  }

  /** Adds an element before the first. O(1), amortized. @throws {ArenaFullError} */
  pushFirst(root: Ref, bytes: Uint8Array, start: number, length: number): void {
    const chain = this.#chain;
    const need = maxEntryBytes(length);
    let node = chain.first(root);
    if (node === NONE || !this.#hasRoomInFront(root, node, need)) {
      node = this.#addNode(root, NONE, bytes, start, length);
    } else {
      this.#grow(node, need);
      chain.setListpack(
        node,
        this.#listpack.prepend(chain.listpackOf(node), bytes, start, length),
      );
      chain.addEntries(root, node, 1);
    }
  }

  /** Whether the first node takes an entry of this size, the stage having made room if it can. */
  #hasRoomInFront(root: Ref, node: Ref, need: number): boolean {
    if (!this.#fits(node, need)) return false;
    const total = this.#chain.totalBytes(node);
    if (need > STAGE_ENTRY_BYTES || total + need <= STAGE_BYTES) return true;
    if (total > STAGE_BYTES) return false;
    this.#emptyStage(root, node);
    return this.#chain.totalBytes(node) + need <= STAGE_BYTES;
  }

  /** Makes room in a full stage, unless it is to be the middle from now on. */
  #emptyStage(root: Ref, stage: Ref): void {
    const chain = this.#chain;
    const middle = chain.next(stage);
    if (middle === NONE || chain.totalBytes(middle) > MIDDLE_BYTES) return;
    const behind = chain.next(middle);
    if (behind !== NONE && chain.totalBytes(stage) + chain.totalBytes(middle) > MIDDLE_BYTES) {
      this.#spill(root, middle, behind);
      if (chain.entries(middle) === 0) return chain.drop(root, middle);
    }
    // So that an emptied stage has the room for the element that it is emptied for.
    chain.setListpack(stage, this.#listpack.reserve(chain.listpackOf(stage), STAGE_BYTES));
    this.#spill(root, stage, middle);
  }

  /** Moves as many of a node's last entries as fit to the front of the next one. */
  #spill(root: Ref, node: Ref, next: Ref): void {
    const chain = this.#chain;
    const listpack = this.#listpack;
    const source = chain.listpackOf(node);
    const end = listpack.end(source);
    const room = maxNodeBytes(this.#limits) - chain.totalBytes(next);
    const most = maxNodeEntries(this.#limits) - chain.entries(next);
    let from = end;
    let entries = 0;
    if (end - HEADER_BYTES <= room && chain.entries(node) <= most) {
      from = HEADER_BYTES;
      entries = chain.entries(node);
    } else {
      while (entries < most) {
        const before = listpack.previous(source, from);
        if (before === 0 || end - before > room) break;
        from = before;
        entries++;
      }
    }
    if (entries > 0) this.#move(root, node, from, end, entries, next, HEADER_BYTES);
  }

  /** Moves a run of entries between nodes. The one they leave may be empty then. */
  #move(
    root: Ref,
    source: Ref,
    from: number,
    to: number,
    entries: number,
    target: Ref,
    at: number,
  ): void {
    const chain = this.#chain;
    this.#grow(target, to - from);
    chain.setListpack(
      target,
      this.#listpack.transfer(
        chain.listpackOf(source),
        from,
        to,
        entries,
        chain.listpackOf(target),
        at,
      ),
    );
    chain.addEntries(root, source, -entries);
    chain.addEntries(root, target, entries);
  }

  /** Adds an element behind the last. O(1), amortized. @throws {ArenaFullError} */
  pushLast(root: Ref, bytes: Uint8Array, start: number, length: number): void {
    const chain = this.#chain;
    const node = chain.last(root);
    if (node === NONE || !this.#fits(node, maxEntryBytes(length))) {
      this.#addNode(root, node, bytes, start, length);
    } else {
      this.#append(root, node, bytes, start, length);
    }
  }

  #append(root: Ref, node: Ref, bytes: Uint8Array, start: number, length: number): void {
    const chain = this.#chain;
    this.#grow(node, maxEntryBytes(length));
    chain.setListpack(node, this.#listpack.append(chain.listpackOf(node), bytes, start, length));
    chain.addEntries(root, node, 1);
  }

  /** Adds a node of one element behind `previous`, before the first for NONE. */
  #addNode(root: Ref, previous: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    const chain = this.#chain;
    const need = maxEntryBytes(length);
    const room = Math.min(STAGE_BYTES, EMPTY_BYTES + need * maxNodeEntries(this.#limits));
    const empty = this.#listpack.create(Math.max(room, EMPTY_BYTES + need));
    const listpack = this.#listpack.append(empty, bytes, start, length);
    const node = this.#link(root, previous, listpack, 1);
    if (previous !== NONE) this.#trim(previous);
    if (chain.next(node) !== NONE) this.#trim(chain.next(node));
    return node;
  }

  /** Whether a node can take another entry of this size. */
  #fits(node: Ref, need: number): boolean {
    const chain = this.#chain;
    return chain.totalBytes(node) + need <= maxNodeBytes(this.#limits) &&
      chain.entries(node) < maxNodeEntries(this.#limits);
  }

  /** Makes room in a node's block, at least twice what it was while the limit allows. */
  #grow(node: Ref, added: number): void {
    const chain = this.#chain;
    const needed = chain.totalBytes(node) + added;
    const block = chain.listpackOf(node);
    const capacity = chain.arena.capacity(block);
    if (needed <= capacity) return;
    const doubled = Math.min(capacity * 2, maxNodeBytes(this.#limits));
    chain.setListpack(node, this.#listpack.reserve(block, Math.max(needed, doubled)));
  }

  /** Gives back the room that a node was to grow into, unless it may be a stage's middle. */
  #trim(node: Ref): void {
    const chain = this.#chain;
    if (chain.totalBytes(node) > MIDDLE_BYTES) {
      chain.setListpack(node, this.#listpack.trim(chain.listpackOf(node)));
    }
  }

  /** Removes the first element. O(1), amortized. */
  removeFirst(root: Ref): void {
    const chain = this.#chain;
    let node = chain.first(root);
    if (chain.totalBytes(node) > 2 * MIDDLE_BYTES) node = this.#takeFront(root, node, MIDDLE_BYTES);
    if (chain.totalBytes(node) > 2 * STAGE_BYTES) node = this.#takeFront(root, node, STAGE_BYTES);
    this.#cut(root, node, HEADER_BYTES, 1);
  }

  /** Moves the first entries of a large first node to a new one of this size, which it answers. */
  #takeFront(root: Ref, node: Ref, bytes: number): Ref {
    const chain = this.#chain;
    const listpack = this.#listpack;
    const source = chain.listpackOf(node);
    let to = listpack.next(source, HEADER_BYTES);
    if (to === 0 || to - HEADER_BYTES > STAGE_ENTRY_BYTES) return node;
    let entries = 1;
    for (;;) {
      const next = listpack.next(source, to);
      if (next === 0 || next >= bytes) break;
      to = next;
      entries++;
    }
    try {
      const front = this.#link(root, NONE, listpack.create(bytes), 0);
      this.#move(root, node, HEADER_BYTES, to, entries, front, HEADER_BYTES);
      return front;
    } catch (error) {
      if (error instanceof ArenaFullError) return node;
      throw error;
    }
  }

  /** Removes the last element. O(1), amortized. */
  removeLast(root: Ref): void {
    const chain = this.#chain;
    const node = chain.last(root);
    this.#cut(root, node, this.#listpack.last(chain.listpackOf(node)), 1);
  }

  /** Removes entries of one node, and the node with the last of them. @returns how many there were */
  #cut(root: Ref, node: Ref, at: number, entries: number): number {
    const chain = this.#chain;
    const present = chain.entries(node);
    if (at === HEADER_BYTES && entries >= present) {
      chain.drop(root, node);
      return present;
    }
    const block = chain.listpackOf(node);
    const removed = this.#listpack.cut(block, at, entries);
    chain.addEntries(root, node, -removed);
    const capacity = chain.arena.capacity(block);
    if (capacity > STAGE_BYTES && chain.totalBytes(node) * 2 <= capacity) {
      chain.setListpack(node, this.#listpack.trim(block));
    }
    return removed;
  }

  /** Removes one element and leaves neighbours as they are; see {@linkcode mergeAll}. O(1). */
  removeAt(root: Ref, node: Ref, at: number): void {
    this.#cut(root, node, at, 1);
  }

  /** Removes elements from the one at (node, at) on, as many as there are. O(nodes). */
  removeRun(root: Ref, node: Ref, at: number, count: number): void {
    const chain = this.#chain;
    const before = at === HEADER_BYTES ? chain.previous(node) : node;
    let from = at;
    let left = count;
    for (let current = node; left > 0 && current !== NONE;) {
      const next = chain.next(current);
      left -= this.#cut(root, current, from, left);
      current = next;
      from = HEADER_BYTES;
    }
    if (before === NONE) return;
    const behind = chain.next(before);
    if (behind !== NONE) this.#merge(root, before, behind);
  }

  /** Adds an element before the entry at (node, at), or behind the node's last at its end. O(1). */
  insert(
    root: Ref,
    node: Ref,
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const displaced = this.#place(root, node, at, bytes, start, length);
    if (displaced === node) return;
    const previous = this.#chain.previous(node);
    if (previous !== NONE) this.#merge(root, previous, node);
    const next = this.#chain.next(displaced);
    if (next !== NONE) this.#merge(root, displaced, next);
  }

  /** As insert, without merging. @returns the node of the entry that was at `at` */
  #place(
    root: Ref,
    node: Ref,
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): Ref {
    const chain = this.#chain;
    const need = maxEntryBytes(length);
    if (this.#fits(node, need)) {
      this.#insertInto(root, node, at, bytes, start, length);
      return node;
    }
    if (at === HEADER_BYTES) {
      const previous = chain.previous(node);
      if (previous !== NONE && this.#fits(previous, need)) {
        this.#append(root, previous, bytes, start, length);
      } else {
        this.#addNode(root, previous, bytes, start, length);
      }
      return node;
    }
    if (at === this.#listpack.end(chain.listpackOf(node))) {
      const next = chain.next(node);
      if (next !== NONE && this.#fits(next, need)) {
        this.#insertInto(root, next, HEADER_BYTES, bytes, start, length);
      } else {
        this.#addNode(root, node, bytes, start, length);
      }
      return node;
    }
    const second = this.#split(root, node, at);
    if (this.#fits(node, need)) this.#append(root, node, bytes, start, length);
    else this.#addNode(root, node, bytes, start, length);
    return second;
  }

  #insertInto(
    root: Ref,
    node: Ref,
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const chain = this.#chain;
    this.#grow(node, maxEntryBytes(length));
    const block = chain.listpackOf(node);
    chain.setListpack(node, this.#listpack.insertBefore(block, at, bytes, start, length));
    chain.addEntries(root, node, 1);
  }

  /** Moves the entries from position `at` on to a new node behind. @returns that node */
  #split(root: Ref, node: Ref, at: number): Ref {
    const chain = this.#chain;
    const listpack = this.#listpack;
    const source = chain.listpackOf(node);
    const end = listpack.end(source);
    let entries = 0;
    for (let entry = at; entry !== 0; entry = listpack.next(source, entry)) entries++;
    const second = this.#link(root, node, listpack.create(EMPTY_BYTES + end - at), 0);
    this.#move(root, node, at, end, entries, second, HEADER_BYTES);
    this.#trim(node);
    return second;
  }

  /** Puts another element in the place of the one at (node, at). O(1). @throws {ArenaFullError} */
  replace(
    root: Ref,
    node: Ref,
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const chain = this.#chain;
    const block = chain.listpackOf(node);
    const rest = chain.totalBytes(node) - this.#entryBytes(block, at);
    const fits = rest + maxEntryBytes(length) <= maxNodeBytes(this.#limits);
    if (fits || chain.entries(node) === 1) {
      chain.setListpack(node, this.#listpack.replace(block, at, bytes, start, length));
      return;
    }
    const holder = this.#place(root, node, at, bytes, start, length);
    const before = chain.previous(holder);
    this.#cut(root, holder, holder === node ? at : HEADER_BYTES, 1);
    this.#mergeAround(root, before);
  }

  #entryBytes(listpack: Ref, at: number): number {
    const next = this.#listpack.next(listpack, at);
    return (next === 0 ? this.#listpack.end(listpack) : next) - at;
  }

  #mergeAround(root: Ref, node: Ref): void {
    const chain = this.#chain;
    const previous = chain.previous(node);
    const merged = previous === NONE ? node : this.#merge(root, previous, node);
    const next = chain.next(merged);
    if (next !== NONE) this.#merge(root, merged, next);
  }

  /** Merges all neighbours that fit into one listpack. O(nodes). */
  mergeAll(root: Ref): void {
    const chain = this.#chain;
    let node = chain.first(root);
    while (node !== NONE) {
      const next = chain.next(node);
      if (next === NONE) return;
      node = this.#merge(root, node, next);
    }
  }

  /** Merges two neighbours if they fit. @returns the node of the second one's entries */
  #merge(root: Ref, first: Ref, second: Ref): Ref {
    const chain = this.#chain;
    const bytes = chain.totalBytes(first) + chain.totalBytes(second) - EMPTY_BYTES;
    const entries = chain.entries(first) + chain.entries(second);
    if (bytes > maxNodeBytes(this.#limits) || entries > maxNodeEntries(this.#limits)) return second;
    return this.#join(root, first, second);
  }

  #join(root: Ref, first: Ref, second: Ref): Ref {
    const chain = this.#chain;
    const intoFirst = chain.totalBytes(first) >= chain.totalBytes(second);
    const [source, target] = intoFirst ? [second, first] : [first, second];
    const end = this.#listpack.end(chain.listpackOf(source));
    const at = intoFirst ? this.#listpack.end(chain.listpackOf(first)) : HEADER_BYTES;
    try {
      this.#move(root, source, HEADER_BYTES, end, chain.entries(source), target, at);
    } catch (error) {
      if (error instanceof ArenaFullError) return second;
      throw error;
    }
    chain.drop(root, source);
    return target;
  }

  /** Bytes that all elements would take in one listpack. O(nodes). */
  singleBytes(root: Ref): number {
    const chain = this.#chain;
    let bytes = EMPTY_BYTES;
    for (let node = chain.first(root); node !== NONE; node = chain.next(node)) {
      bytes += chain.totalBytes(node) - EMPTY_BYTES;
    }
    return bytes;
  }

  /**
   * Turns a chain with at least one element into one listpack. O(n).
   *
   * @returns the listpack, or NONE where memory is full and the chain is kept
   */
  toListpack(root: Ref): Ref {
    const chain = this.#chain;
    while (chain.nodeCount(root) > 1) {
      const first = chain.first(root);
      if (this.#join(root, first, chain.next(first)) !== chain.first(root)) return NONE;
    }
    const listpack = chain.unlink(root, chain.first(root));
    chain.arena.free(root);
    return this.#listpack.trim(listpack);
  }
}
