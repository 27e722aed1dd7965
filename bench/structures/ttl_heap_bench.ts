/** The TTL heap, with a million expiries. */

import { Arena } from "../../structures/arena/arena.ts";
import { TtlHeap } from "../../structures/ttl_heap.ts";
import { ELEMENTS, OPERATIONS, Sequence } from "./population.ts";

const ENTRY_BYTES = 32;
const POSITION_WORD = 0;
const START_MS = 1_700_000_000_000;
const RANGE_MS = 86_400_000;

const arena = new Arena();
const heaps = new TtlHeap(arena, POSITION_WORD);
const heap = heaps.create();
const random = new Sequence();
const entries = new Int32Array(ELEMENTS);
for (let i = 0; i < ELEMENTS; i++) {
  entries[i] = arena.allocateZeroed(ENTRY_BYTES);
  heaps.insert(heap, entries[i], START_MS + random.below(RANGE_MS));
}

Deno.bench({
  name: `change one of 1 M, × ${OPERATIONS}`,
  group: "heap",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) {
      heaps.update(heap, entries[random.below(ELEMENTS)], START_MS + random.below(RANGE_MS));
    }
  },
});

Deno.bench({
  name: `remove and insert one of 1 M, × ${OPERATIONS}`,
  group: "heap",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) {
      const entry = entries[random.below(ELEMENTS)];
      heaps.remove(heap, entry);
      heaps.insert(heap, entry, START_MS + random.below(RANGE_MS));
    }
  },
});

Deno.bench({
  name: `take the next to expire of 1 M, insert it again, × ${OPERATIONS}`,
  group: "heap",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) {
      const entry = heaps.peek(heap);
      heaps.remove(heap, entry);
      heaps.insert(heap, entry, START_MS + random.below(RANGE_MS));
    }
  },
});
