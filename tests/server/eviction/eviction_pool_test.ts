// The pool against a sorted list.

import { assertEquals } from "@std/assert";
import { EvictionPool, POOL_SIZE } from "../../../server/eviction/eviction_pool.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";

Deno.test("the pool keeps the best of what it was offered, and gives the best first", () => {
  const random = new SeededRandom(1);
  const pool = new EvictionPool();
  let model: { rank: number; entry: number }[] = [];
  let nextEntry = 1;
  for (let i = 0; i < 20_000; i++) {
    if (random.below(3) > 0) {
      // Of one that was used before 1970, by a clock that is wrong, ranks are below 0.
      const rank = random.below(80) - 20;
      const entry = nextEntry++;
      const accepted = pool.accepts(rank);
      const worst = Math.max(-100, ...model.map((candidate) => candidate.rank));
      assertEquals(accepted, model.length < POOL_SIZE || rank < worst);
      if (!accepted) continue;
      pool.add(rank, entry % 7, entry, -entry);
      assertEquals(pool.has(entry % 7, entry), true);
      assertEquals(pool.has(entry % 7 + 1, entry), false);
      if (model.length === POOL_SIZE) {
        const gone = model.find(({ rank, entry }) => rank === worst && !pool.has(entry % 7, entry));
        model = model.filter((candidate) => candidate !== gone);
      }
      model.push({ rank, entry });
    } else {
      const found = pool.take();
      assertEquals(found, model.length > 0);
      if (!found) continue;
      assertEquals(pool.rank, Math.min(...model.map(({ rank }) => rank)));
      assertEquals([pool.database, pool.hash], [pool.entry % 7, -pool.entry]);
      const before = model.length;
      model = model.filter(({ rank, entry }) => rank !== pool.rank || entry !== pool.entry);
      assertEquals(model.length, before - 1);
    }
    assertEquals(pool.size, model.length);
  }
  pool.clear();
  assertEquals(pool.take(), false);
});
