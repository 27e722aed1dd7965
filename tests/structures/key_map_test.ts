// The map from byte strings to objects, against a Map of strings.

import { assertEquals } from "@std/assert";
import { type HashedBytes, KeyMap } from "../../structures/key_map.ts";
import { SeededRandom } from "./seeded_random.ts";

/** A key somewhere in a larger array, of few different hashes. */
function keyOf(text: string, hash: number): HashedBytes {
  const bytes = new TextEncoder().encode(`..${text}.`);
  return { bytes, start: 2, length: bytes.length - 3, hash };
}

Deno.test("key map: as a map of strings, with keys of equal hashes", () => {
  const random = new SeededRandom(11);
  const map = new KeyMap<number>();
  const model = new Map<string, number>();
  for (let step = 0; step < 5000; step++) {
    const name = `k${random.below(60)}`;
    const key = keyOf(name, name.length * 7 + Number(name.slice(1)) % 5);
    const roll = random.below(3);
    if (roll === 0) {
      assertEquals(map.delete(key), model.delete(name));
    } else if (roll === 1) {
      if (!model.has(name)) model.set(name, step);
      assertEquals(map.getOrAdd(key, () => step).value, model.get(name));
    } else {
      assertEquals(map.get(key)?.value, model.get(name));
    }
    assertEquals(map.size, model.size);
  }
  const all = [...map].map(({ bytes, value }) => [new TextDecoder().decode(bytes), value]);
  assertEquals(new Map(all as [string, number][]), model);
  assertEquals(all.length, model.size);
});

Deno.test("key map: an entry keeps bytes of its own, and is a key itself", () => {
  const map = new KeyMap<string>();
  const key = keyOf("name", 1);
  const entry = map.getOrAdd(key, () => "value");
  key.bytes.fill(0);
  assertEquals(new TextDecoder().decode(entry.bytes), "name");
  assertEquals(map.get(entry), entry);
  assertEquals(map.delete(entry), true);
  assertEquals(map.delete(entry), false);
});

Deno.test("key map: the entry that is visited may be deleted", () => {
  const map = new KeyMap<number>();
  for (let i = 0; i < 100; i++) map.getOrAdd(keyOf(`k${i}`, i % 3), () => i);
  const seen: number[] = [];
  for (const entry of map) {
    seen.push(entry.value);
    map.delete(entry);
  }
  assertEquals(seen.sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
  assertEquals(map.size, 0);
});
