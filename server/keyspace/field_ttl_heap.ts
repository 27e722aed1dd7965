/**
 * The heap of hashes whose fields expire, by the earliest of those expiries, or what is known of it: no
 * field of a hash expires before its place in the heap says.
 *
 * A hash's position is in the second word of its slot, which other collections leave alone, so that
 * nothing is added to any entry (entry.ts).
 */

import type { Arena, Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { TtlHeap } from "../../structures/ttl_heap.ts";
import * as entryLayout from "./entry_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD_BIT, META_WORD, SLOT_WORD } = entryLayout;

const POSITION_WORD = SLOT_WORD + 1;

/** See the top of the file. */
export class FieldTtlHeap extends TtlHeap {
  readonly #segments: readonly Int32Array[];

  constructor(arena: Arena) {
    super(arena, POSITION_WORD);
    this.#segments = arena.words;
  }

  protected override positionIn(entry: Ref): number {
    const at = (entry & SEGMENT_MASK) << 1;
    const meta = this.#segments[entry >>> SEGMENT_SHIFT][at + META_WORD];
    return at + POSITION_WORD + ((meta >>> HAS_TTL_WORD_BIT) & 1);
  }
}
