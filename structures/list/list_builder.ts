/**
 * Makes lists of what comes from outside: listpacks as they are, which become nodes of a chain
 * (quicklist_chain.ts), large elements, which are nodes by themselves, and elements one by one.
 *
 * ```
 *   appendEntries   │ listpack │ ──▶ a node of its own, whatever the limits are now
 *   appendAlone     │ element  │ ──▶ a node of its own
 *   push            │ element  │ ──▶ the last node, as long as that takes it
 *   finish          one node within the limits ──▶ a short list, as list.ts has it
 * ```
 */

import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { backlenBytes, bodyBytes } from "../listpack/listpack_entry.ts";
import * as listpackEntry from "../listpack/listpack_entry.ts";
import { ListEncoding } from "./list.ts";
import type { ListBlock } from "./list_block.ts";
import * as listBlock from "./list_block.ts";
import { fitsSingle, type ListLimits } from "./list_limits.ts";
import { Quicklist } from "./quicklist.ts";
import { QuicklistChain } from "./quicklist_chain.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;
const { COUNT_UNKNOWN } = listpackEntry;
const { LIST_BLOCK_HEADER_BYTES, LISTPACK_FRAME_BYTES, MAX_SHARED_BYTES } = listBlock;

/** Makes one list after another; see the top of the file. */
export class ListBuilder {
  /** How the finished list is held, and where. */
  encoding: number = ListEncoding.Quicklist;
  ref: Ref = NONE;
  readonly #arena: Arena;
  readonly #limits: ListLimits;
  readonly #chain: QuicklistChain;
  readonly #blocks: ListBlock;
  readonly #quicklist: Quicklist;
  /** Whether a node was made of an element that was to be by itself. */
  #hasAlone = false;

  /** @param limits kept, not copied */
  constructor(arena: Arena, limits: ListLimits) {
    this.#arena = arena;
    this.#limits = limits;
    this.#chain = new QuicklistChain(arena);
    this.#blocks = this.#chain.blocks;
    this.#quicklist = new Quicklist(this.#chain, limits);
  }

  /** Begins a list. O(1). @throws {ArenaFullError} */
  begin(): void {
    this.ref = this.#chain.create();
    this.encoding = ListEncoding.Quicklist;
    this.#hasAlone = false;
  }

  /** Elements so far. */
  get count(): number {
    return this.#chain.count(this.ref);
  }

  /** Adds an element behind the last, as RPUSH does. O(length). @throws {ArenaFullError} */
  push(bytes: Uint8Array, start: number, length: number): void {
    this.#quicklist.pushLast(this.ref, bytes, start, length);
  }

  /**
   * Adds the entries of a valid listpack, `bytes[start, start + length)` without its header and end,
   * as a node; as several, where they are more than a node can hold. O(length).
   *
   * @param count how many the listpack says there are, which may be that it does not know
   * @throws {ArenaFullError} the list may have some of them then
   */
  appendEntries(bytes: Uint8Array, start: number, length: number, count: number): void {
    if (count === 0) return;
    if (length <= MAX_SHARED_BYTES && count !== COUNT_UNKNOWN) {
      return this.#appendNode(bytes, start, length, count);
    }
    const end = start + length;
    let from = start;
    let at = start;
    let entries = 0;
    while (at < end) {
      const body = bodyBytes(bytes, at);
      const behind = at + body + backlenBytes(body);
      if (behind - from > MAX_SHARED_BYTES && entries > 0) {
        this.#appendNode(bytes, from, at - from, entries);
        from = at;
        entries = 0;
      }
      entries++;
      at = behind;
    }
    if (entries > 0) this.#appendNode(bytes, from, end - from, entries);
  }

  #appendNode(bytes: Uint8Array, start: number, length: number, entries: number): void {
    const block = this.#blocks.createFrom(bytes, start, length, entries);
    this.#link(block, entries);
  }

  /** Adds an element as a node by itself. O(length). @throws {ArenaFullError} */
  appendAlone(bytes: Uint8Array, start: number, length: number): void {
    const blocks = this.#blocks;
    const need = LIST_BLOCK_HEADER_BYTES + blocks.draft(bytes, start, length);
    const block = blocks.create(need, false);
    blocks.append(block, need, 1);
    this.#link(block, 1);
    this.#hasAlone = true;
  }

  #link(block: Ref, entries: number): void {
    const chain = this.#chain;
    try {
      chain.link(this.ref, chain.last(this.ref), block, entries);
    } catch (error) {
      this.#arena.free(block);
      throw error;
    }
  }

  /**
   * Ends a list, which must have an element: `encoding` and `ref` say what it is. O(1), or O(n).
   *
   * @param mayBeShort whether it may become a short list
   */
  finish(mayBeShort: boolean): void {
    const chain = this.#chain;
    if (!mayBeShort || this.#hasAlone || chain.nodeCount(this.ref) !== 1) return;
    const bytes = LISTPACK_FRAME_BYTES + chain.byteLength(chain.first(this.ref));
    if (!fitsSingle(this.#limits, bytes, chain.count(this.ref))) return;
    this.ref = this.#quicklist.toSingle(this.ref);
    this.encoding = ListEncoding.Listpack;
  }

  /** Frees a list that is begun and not finished. O(nodes). */
  abandon(): void {
    this.#chain.destroy(this.ref);
    this.ref = NONE;
  }
}
