// The heap of deadlines, against a sorted array.

import { assertEquals } from "@std/assert";
import { type Deadline, DeadlineHeap } from "../../structures/deadline_heap.ts";
import { SeededRandom } from "./seeded_random.ts";

class Item implements Deadline {
  heapIndex = -1;
  constructor(readonly deadlineMs: number) {}
}

Deno.test("deadline heap: the earliest is first, whatever is taken out", () => {
  const random = new SeededRandom(5);
  const heap = new DeadlineHeap<Item>();
  const model: Item[] = [];
  for (let step = 0; step < 5000; step++) {
    const roll = random.below(4);
    if (roll < 2 || model.length === 0) {
      const item = new Item(random.below(100));
      heap.add(item);
      model.push(item);
    } else {
      const item = roll === 2 ? heap.removeFirst()! : model[random.below(model.length)];
      if (roll === 2) {
        assertEquals(item.deadlineMs, Math.min(...model.map(({ deadlineMs }) => deadlineMs)));
      } else heap.remove(item);
      model.splice(model.indexOf(item), 1);
      assertEquals(item.heapIndex, -1);
      heap.remove(item); // not in it any more: nothing happens
    }
    assertEquals(heap.size, model.length);
    const earliest = model.length === 0
      ? undefined
      : Math.min(...model.map(({ deadlineMs }) => deadlineMs));
    assertEquals(heap.first?.deadlineMs, earliest);
  }
  assertEquals(new Set(model.map(({ heapIndex }) => heapIndex)).size, model.length);
});
