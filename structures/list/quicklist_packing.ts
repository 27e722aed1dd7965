/**
 * Which nodes of a quicklist are packed (packed_block.ts): all but so many at either end.
 *
 * ```
 *   compressDepth 2     ┌───┐   ┌───┐   ┌───┐   ┌───┐   ┌───┐   ┌───┐
 *                       │   │◀─▶│   │◀─▶│ ▒ │◀─▶│ ▒ │◀─▶│   │◀─▶│   │
 *                       └───┘   └───┘   └───┘   └───┘   └───┘   └───┘
 *                          at the head     packed         at the tail
 * ```
 *
 * A change opens the nodes that it is about, {@linkcode QuicklistPacking.plain}, and when it is done
 * {@linkcode QuicklistPacking.settle} packs them again, and those that have come to be inside. What
 * has been left alone is not looked at: where the depth is changed, nodes follow as they are passed.
 *
 * Any node may be packed, and any plain: it may not be worth it, or there was no memory for it.
 */

import { ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import type { ListLimits } from "./list_limits.ts";
import type { QuicklistChain } from "./quicklist_chain.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;

/** More nodes than any one change has open, removals of equal elements excepted. */
const MAX_OPENED = 8;

export class QuicklistPacking {
  readonly #chain: QuicklistChain;
  readonly #limits: ListLimits;
  /** Nodes that were opened and are to be packed, if that is worth it. */
  readonly #opened = new Int32Array(MAX_OPENED);
  #count = 0;

  /** @param limits kept, not copied */
  constructor(chain: QuicklistChain, limits: ListLimits) {
    this.#chain = chain;
    this.#limits = limits;
  }

  /** Begins a change: what another has left open, as it failed, stays so. */
  begin(): void {
    this.#count = 0;
  }

  /**
   * A node's block, plain, for a change of it: where it was that before, positions in it are as they
   * were. O(1), or O(n) where it was packed.
   *
   * @throws {ArenaFullError}
   */
  plain(root: Ref, node: Ref): Ref {
    this.forget(node);
    if (this.#count === MAX_OPENED) this.settle(root, node);
    const block = this.plainEnd(node);
    this.note(node);
    return block;
  }

  /** A plain node is new, or about to be changed: it is looked at in the end. O(1). */
  note(node: Ref): void {
    this.forget(node);
    if (this.#count < MAX_OPENED) this.#opened[this.#count++] = node;
  }

  /** As {@linkcode QuicklistPacking.plain}, of a node that is the first or last, and is to stay so. */
  plainEnd(node: Ref): Ref {
    const chain = this.#chain;
    const block = chain.blockOf(node);
    if (!chain.packed.isPacked(block)) return block;
    const plain = chain.packed.unpack(block);
    chain.setBlock(node, plain);
    return plain;
  }

  /** A node is gone, or is to stay as it is. O(1). */
  forget(node: Ref): void {
    const opened = this.#opened;
    for (let i = 0; i < this.#count; i++) {
      if (opened[i] === node) opened[i--] = opened[--this.#count];
    }
  }

  /**
   * Ends a change: packs what it has opened, and what is next to the ends' nodes, which become plain.
   * O(depth), and O(n) for each node that is packed or unpacked.
   *
   * @param kept a node that stays as it is
   */
  settle(root: Ref, kept: Ref = NONE): void {
    const { compressDepth = 0 } = this.#limits;
    const chain = this.#chain;
    if (compressDepth > 0 && chain.nodeCount(root) > 2 * compressDepth) {
      let front = chain.first(root);
      let back = chain.last(root);
      for (let i = 0; i < compressDepth; i++) {
        this.#leavePlain(front);
        this.#leavePlain(back);
        front = chain.next(front);
        back = chain.previous(back);
      }
      if (front !== kept) this.#pack(front);
      if (back !== kept) this.#pack(back);
      for (let i = 0; i < this.#count; i++) this.#pack(this.#opened[i]);
    }
    this.#count = 0;
  }

  /** Packs every node that is not at an end. O(n). */
  packAll(root: Ref): void {
    const { compressDepth = 0 } = this.#limits;
    const chain = this.#chain;
    const packed = compressDepth === 0 ? 0 : chain.nodeCount(root) - 2 * compressDepth;
    let node = chain.first(root);
    for (let i = 0; packed > 0 && i < compressDepth; i++) node = chain.next(node);
    for (let left = packed; left > 0; left--) {
      this.#pack(node);
      node = chain.next(node);
    }
  }

  #leavePlain(node: Ref): void {
    this.forget(node);
    try {
      this.plainEnd(node);
    } catch (error) {
      // It is read as it is, and opened when it is changed.
      if (!(error instanceof ArenaFullError)) throw error;
    }
  }

  #pack(node: Ref): void {
    const chain = this.#chain;
    const block = chain.blockOf(node);
    if (!chain.packed.isPacked(block)) chain.setBlock(node, chain.packed.pack(block));
  }
}
