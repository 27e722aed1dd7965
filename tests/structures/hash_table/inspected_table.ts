// A hash table that tells of its buckets, which is nobody's business but the tests'.

import type { Arena, Ref } from "../../../structures/arena/arena.ts";
import { HashTable } from "../../../structures/hash_table/hash_table.ts";
import { MASK, OLD_MASK, POSITION } from "../../../structures/hash_table/hash_table_layout.ts";

export class InspectedTable extends HashTable {
  constructor(readonly arena: Arena, hashOf: (node: Ref) => number) {
    super(arena, hashOf);
  }

  /** Number of buckets, those of both arrays during a resize; without overflow buckets. */
  bucketCount(table: Ref): number {
    const oldMask = this.arena.word(table, OLD_MASK);
    return this.arena.word(table, MASK) + 1 + (oldMask === 0 ? 0 : oldMask + 1);
  }

  /** The next bucket of the old array that a resize will move, or -1 when there is none. */
  rehashPosition(table: Ref): number {
    return this.isRehashing(table) ? this.arena.word(table, POSITION) : -1;
  }
}
