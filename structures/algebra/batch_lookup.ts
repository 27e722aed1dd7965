/**
 * Looks the members of a batch up in one hash table: the buckets of all first, then the nodes of all,
 * then each is compared, so that no member waits for memory alone.
 *
 * All tables of a store hash alike, so that a batch is hashed once for any number of them.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { textIs } from "../bytes/text_equality.ts";
import { touchNodes } from "../hash_table/expected_lookups.ts";
import { HashTable } from "../hash_table/hash_table.ts";
import type { MemberBatch } from "./member_batch.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

/** A word of a usual node that may be in its second cache line. */
const FAR_WORD = 7;

function onlyLookedInto(): number {
  throw new Error("a table that is only looked into has to hash nothing");
}

/** See the top of the file. Nodes are blocks with a member's length and bytes at fixed places. */
export class BatchLookup {
  readonly #arena: Arena;
  readonly #tables: HashTable;
  readonly #lengthWord: number;
  readonly #memberAt: number;
  /** What loads ahead came to: kept, so that they are not optimized away. */
  #touched = 0;

  /**
   * @param lengthWord word of a node that has its member's length
   * @param memberAt byte of a node at which its member begins
   */
  constructor(arena: Arena, lengthWord: number, memberAt: number) {
    this.#arena = arena;
    this.#tables = new HashTable(arena, onlyLookedInto);
    this.#lengthWord = lengthWord;
    this.#memberAt = memberAt;
  }

  /** Sets the node of each member of the batch, NONE where the table has none. O(members). */
  find(table: Ref, batch: MemberBatch, nodes: Int32Array): void {
    const { count } = batch;
    const hashes = batch.hashes();
    this.#tables.candidates(table, hashes, nodes, count);
    this.#touched ^= touchNodes(this.#arena.words, nodes, count, FAR_WORD);
    for (let i = 0; i < count; i++) {
      const node = nodes[i];
      if (node === NONE || !this.#is(node, batch, i)) {
        nodes[i] = this.#search(table, batch, i, hashes[i]);
      }
    }
  }

  #search(table: Ref, batch: MemberBatch, i: number, hash: number): Ref {
    let node = this.#tables.first(table, hash);
    while (node !== NONE && !this.#is(node, batch, i)) {
      node = this.#tables.next(table, node, hash);
    }
    return node;
  }

  #is(node: Ref, batch: MemberBatch, i: number): boolean {
    const words = this.#arena.words[node >>> SEGMENT_SHIFT];
    const granule = node & SEGMENT_MASK;
    const length = batch.lengths[i];
    if (words[(granule << 1) + this.#lengthWord] !== length) return false;
    return textIs(
      words,
      (granule << 3) + this.#memberAt,
      batch.bytesOf(i),
      batch.starts[i],
      length,
    );
  }
}
