// Values of every shape that a reclaimer knows, made of bare blocks, for tests of lazy frees.

import { Arena, type Ref } from "../../structures/arena/arena.ts";
import { GROW_ABOVE } from "../../structures/hash_table/hash_table.ts";
import { NO_CHILD, PLAIN_BLOCK, type Shape } from "../../structures/lazy_free/reclaimer.js";
import { InspectedTable } from "./hash_table/inspected_table.ts";
import { SeededRandom } from "./seeded_random.ts";

// Words of a node of a table, and of a node of a chain.
const KIND = 0;
const SLOT = 1; // or the word behind it
const HASH = 3;
const NODE_BYTES = 24;
const CHAIN_NEXT = 1;
const CHAIN_BLOCK = 2;
const SLOT_SHIFT_BIT = 8;
/** Word of a chained set's root that refers to its chain. */
const CHAIN_HEAD = 1;

// Indexes into SHAPES.
export const DATABASE = 0;
export const SET = 1;
export const CHAIN = 2;
/** A set beside whose table there is a chain. */
export const CHAINED_SET = 3;

export const SHAPES: readonly Shape[] = [
  {
    tableWord: -1,
    children: {
      kindWord: KIND,
      kindMask: 7,
      slotWord: SLOT,
      slotShiftBit: SLOT_SHIFT_BIT,
      shapes: [NO_CHILD, PLAIN_BLOCK, SET, CHAIN, CHAINED_SET],
    },
  },
  { tableWord: 0, children: null },
  { headWord: 0, nextWord: CHAIN_NEXT, blockWord: CHAIN_BLOCK },
  {
    tableWord: 0,
    children: null,
    chain: { headWord: CHAIN_HEAD, nextWord: CHAIN_NEXT, blockWord: CHAIN_BLOCK },
  },
];

export class DisposableValues {
  readonly #table: InspectedTable;
  readonly #random = new SeededRandom(11);
  readonly #hashMask: number;

  /** @param hashMask bits that hashes may have: few make long chains of overflow buckets */
  constructor(readonly arena: Arena, hashMask = -1) {
    this.#hashMask = hashMask;
    this.#table = new InspectedTable(arena, (node) => arena.word(node, HASH));
  }

  /** A table's root with a table of so many nodes, which own nothing. */
  set(count: number): Ref {
    const root = this.arena.allocate(16);
    const table = this.#table.create();
    this.arena.setWord(root, 0, table);
    for (let i = 0; i < count; i++) this.#insert(table, this.arena.allocateZeroed(NODE_BYTES));
    return root;
  }

  /** Whether a set is between two sizes of its table, with buckets in both arrays. */
  isRehashing(set: Ref): boolean {
    return this.#table.isRehashing(this.arena.word(set, 0));
  }

  /** A set of few nodes with many buckets, some of them not even allocated. */
  sparseSet(count: number, buckets: number): Ref {
    const root = this.set(count);
    const table = this.arena.word(root, 0);
    while (this.#table.rehashStep(table, Infinity) || this.#table.bucketCount(table) < buckets) {
      this.#table.expand(table, buckets * GROW_ABOVE);
    }
    return root;
  }

  /** A set of so many nodes, and a third as many in the chain beside its table. */
  chainedSet(count: number): Ref {
    const root = this.set(count);
    this.arena.setWord(root, CHAIN_HEAD, this.#chainNodes(Math.ceil(count / 3)));
    return root;
  }

  chain(count: number): Ref {
    const root = this.arena.allocate(8);
    this.arena.setWord(root, 0, this.#chainNodes(count));
    return root;
  }

  /** So many nodes of a chain; answers the first. */
  #chainNodes(count: number): Ref {
    let head = 0;
    for (let i = 0; i < count; i++) {
      const node = this.arena.allocate(16);
      this.arena.setWord(node, CHAIN_NEXT, head);
      this.arena.setWord(node, CHAIN_BLOCK, this.arena.allocate(16 << this.#random.below(12)));
      head = node;
    }
    return head;
  }

  /** A table of nodes that own nothing or a value of one of the other kinds, in either slot. */
  database(count: number): Ref {
    const table = this.#table.create();
    for (let i = 0; i < count; i++) {
      const node = this.arena.allocateZeroed(NODE_BYTES);
      const kind = i % 5;
      const isShifted = i % 3 === 0;
      this.arena.setWord(node, KIND, kind | (isShifted ? 1 << SLOT_SHIFT_BIT : 0));
      this.arena.setWord(node, isShifted ? SLOT + 1 : SLOT, this.#child(kind));
      this.#insert(table, node);
    }
    return table;
  }

  #child(kind: number): Ref {
    const size = this.#random.below(40);
    if (kind === 1) return this.arena.allocate(8 + size * 1000);
    if (kind === 2) return this.set(size);
    if (kind === 3) return this.chain(size);
    return kind === 4 ? this.chainedSet(size) : 0;
  }

  #insert(table: Ref, node: Ref): void {
    const hash = this.#random.bits() & this.#hashMask;
    this.arena.setWord(node, HASH, hash);
    this.#table.insert(table, node, hash);
  }
}
