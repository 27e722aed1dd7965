// The table of tracked keys against a map of sets, and without memory.

import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { Store } from "../../server/keyspace/store.ts";
import { TrackedKeys } from "../../server/tracking/tracked_keys.ts";
import { ArenaFaults } from "../structures/arena_faults.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function viewOf(key: string) {
  // Behind other bytes, as an argument is.
  const bytes = encoder.encode("..." + key);
  return { bytes, start: 3, length: bytes.length - 3 };
}

function newStore(): Store {
  const randomInt = (bound: number) => Math.floor(Math.random() * bound);
  return new Store({ lazyFreeWorkers: 0, now: () => 0, randomInt });
}

/** Client numbers beyond 32 bits too. */
const ids = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(2 ** 32 + 1, 2 ** 53 - 1));
const keys = fc.string({ maxLength: 2 });

Deno.test("tracked keys are as a map of sets", async () => {
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.tuple(fc.constant("add"), keys, ids) },
    { weight: 3, arbitrary: fc.tuple(fc.constant("take"), keys, fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("random"), fc.constant(""), fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("clear"), fc.constant(""), fc.constant(0)) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 300, size: "max" }), async (steps) => {
      const store = newStore();
      const before = store.arena.usedBytes;
      const tracked = new TrackedKeys(store);
      const model = new Map<string, Set<number>>();
      const sorted = (key: string) => [...model.get(key) ?? []].sort((a, b) => a - b);
      for (const [what, key, id] of steps) {
        if (what === "add") {
          assert(tracked.add(viewOf(key), id));
          model.set(key, (model.get(key) ?? new Set()).add(id));
        } else if (what === "clear") {
          tracked.clear();
          model.clear();
        } else {
          const taken = what === "take" ? tracked.take(viewOf(key)) : tracked.takeRandom();
          const name = taken === undefined ? key : decoder.decode(taken.bytes);
          assertEquals(taken?.ids, model.has(name) ? sorted(name) : undefined);
          if (what === "random") assertEquals(taken === undefined, model.size === 0);
          model.delete(name);
        }
        assertEquals(tracked.size, model.size);
        assertEquals(tracked.items, [...model.values()].reduce((sum, set) => sum + set.size, 0));
      }
      tracked.clear();
      await store.lazyFree.drained();
      assertEquals(store.arena.usedBytes, before);
      store.arena.verify();
      store.close();
    }),
    { numRuns: 30 },
  );
});

Deno.test("a key with many readers has them all, in order", () => {
  const store = newStore();
  const tracked = new TrackedKeys(store);
  for (let id = 500; id > 0; id--) tracked.add(viewOf("hot"), id);
  assertEquals(tracked.take(viewOf("hot"))!.ids, Array.from({ length: 500 }, (_, i) => i + 1));
  store.close();
});

Deno.test("without memory a key is as before, and whoever asks is told", () => {
  const store = newStore();
  const tracked = new TrackedKeys(store);
  using faults = new ArenaFaults();
  let refused = 0;
  for (let id = 1; id <= 60; id++) {
    for (let at = 1;; at++) {
      faults.arm(at, false);
      const isAdded = tracked.add(viewOf("key"), id);
      faults.disarm();
      if (isAdded) break;
      refused++;
      assertEquals(tracked.items, id - 1);
      assertLess(at, 20);
    }
  }
  assert(refused > 0);
  assertEquals(tracked.take(viewOf("key"))!.ids.length, 60);
  tracked.clear();
  store.arena.verify();
  store.close();
});
