// Loading ahead: the right nodes are read, no more are noted than there is room for, and not a word
// of the arena changes.

import { assert, assertEquals } from "@std/assert";
import { Arena, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../../structures/arena/arena.ts";
import { FieldMap } from "../../../structures/field_map/field_map.ts";
import {
  ExpectedLookups,
  MAX_EXPECTED_LOOKUPS,
} from "../../../structures/hash_table/expected_lookups.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { HashTable } from "../../../structures/hash_table/hash_table.ts";
import { MemberSet } from "../../../structures/set/member_set.ts";
import { SortedSet } from "../../../structures/sorted_set/sorted_set.ts";
import { SeededRandom } from "../seeded_random.ts";

const encoder = new TextEncoder();

Deno.test("expected lookups: the nodes are read that the lookups will come to", () => {
  const arena = new Arena();
  const hashes = new Map<Ref, number>();
  const tables = new HashTable(arena, (node) => hashes.get(node)!);
  const table = tables.create();
  const random = new SeededRandom(11);
  for (let i = 0; i < 5000; i++) {
    const node = arena.allocate(24);
    const hash = random.bits();
    hashes.set(node, hash);
    tables.insert(table, node, hash);
  }
  const read = new Set<number>();
  const watched = arena.words.map((words, segment) =>
    new Proxy(words, {
      get(target, index) {
        read.add(segment * 2 ** SEGMENT_SHIFT * 2 + Number(index));
        return Reflect.get(target, index);
      },
    })
  );
  const lookups = new ExpectedLookups(watched, tables, 4);
  const nodes = [...hashes.keys()];
  let asked = 0;
  let right = 0;
  for (let round = 0; round < 50; round++) {
    read.clear();
    const expected = Array.from(
      { length: random.below(MAX_EXPECTED_LOOKUPS + 1) },
      () => random.pick(nodes),
    );
    for (const node of expected) lookups.add(hashes.get(node)!);
    assertEquals(lookups.isFull, expected.length === MAX_EXPECTED_LOOKUPS);
    lookups.load(table);
    assert(!lookups.isFull);
    const candidates = new Int32Array(MAX_EXPECTED_LOOKUPS);
    const sought = Int32Array.from(expected, (node) => hashes.get(node)!);
    tables.candidates(table, sought, candidates, expected.length);
    for (let i = 0; i < expected.length; i++) {
      if (candidates[i] === expected[i]) right++;
      const word = wordOf(candidates[i]);
      assert(read.has(word) && read.has(word + 4), "a node is not loaded");
    }
    asked += expected.length;
  }
  // The others are in overflow buckets, or behind another node of the same tag.
  assert(right > 0.85 * asked, `${right} of ${asked} are the right ones`);
});

/** The number of a node's first word among those of all segments. */
function wordOf(node: Ref): number {
  return ((node >>> SEGMENT_SHIFT) * 2 ** SEGMENT_SHIFT + (node & SEGMENT_MASK)) * 2;
}

Deno.test("expected members: 64 are noted at most, and every word of the arena stays", () => {
  const arena = new Arena();
  const hasher = new KeyHasher(1, 2);
  const limits = { maxListpackEntries: 8, maxListpackValueBytes: 64 };
  const set = new MemberSet(arena, hasher, { ...limits, maxIntsetEntries: 8 });
  const hash = new FieldMap(arena, hasher, limits);
  const sorted = new SortedSet(arena, hasher, limits);
  for (const view of [set, hash, sorted]) view.create();
  const memberOf = (index: number) => encoder.encode(`m${index}`);
  const count = 5000;
  for (let i = 0; i < count; i++) {
    for (const view of [set, hash, sorted]) {
      assertEquals(view.gainsByPrefetch, i >= 4096);
    }
    const bytes = memberOf(i);
    set.add(bytes, 0, bytes.length);
    hash.set(bytes, 0, bytes.length, bytes, 0, bytes.length);
    sorted.add(i, bytes, 0, bytes.length);
  }
  const random = new SeededRandom(5);
  const before = arena.words.map((words) => words.slice());
  for (const view of [set, hash, sorted]) {
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < MAX_EXPECTED_LOOKUPS + 5; i++) {
        const bytes = memberOf(random.below(2 * count)); // half of them are not there
        assertEquals(view.expectMember(bytes, 0, bytes.length), i < MAX_EXPECTED_LOOKUPS);
      }
      view.prefetch();
    }
  }
  arena.words.forEach((words, segment) => {
    assert(words.every((word, at) => word === before[segment][at]), "a word has changed");
  });
});
