import { assert } from "@std/assert";
import {
  Arena,
  NONE,
  type Ref,
  SEGMENT_MASK,
  SEGMENT_SHIFT,
} from "../../../structures/arena/arena.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { MAX_SCORE_CHANGES, ScoreChanges } from "../../../structures/sorted_set/score_changes.ts";
import { SortedSet, SortedSetEncoding } from "../../../structures/sorted_set/sorted_set.ts";
import { TreeSortedSet } from "../../../structures/sorted_set/sorted_set_tree.ts";
import { SeededRandom } from "../seeded_random.ts";
import {
  BLOCK,
  FIRST_SCORE,
  INDEX_MASK,
  LEFT,
  NODE,
  PARENT,
  RIGHT,
  ROOT,
} from "../../../structures/sorted_set/sorted_set_layout.ts";

const ELEMENTS = 6000;
const encoder = new TextEncoder();

/** Words of a cache line. */
const LINE_WORDS = 16;

const SCORES: Record<string, (i: number) => number> = {
  "small integers": (i) => i % 100,
  "times in microseconds": (i) => 1.7e15 + i,
  "below and above 0": (i) => (i - ELEMENTS / 2) * 0.75,
  "below 0": (i) => -1e9 - i / 1024,
};

for (const [name, scoreFor] of Object.entries(SCORES)) {
  Deno.test(`score changes: the walks pass what a change will look at (${name})`, () => {
    const arena = new Arena();
    const hasher = new KeyHasher(3, 4);
    const set = new TreeSortedSet(arena, hasher);
    const ref = set.create();
    const random = new SeededRandom(5);
    const members = Array.from({ length: ELEMENTS }, (_, i) => encoder.encode(`member:${i}`));
    for (const bytes of members) {
      set.insert(ref, scoreFor(random.below(ELEMENTS)), bytes, 0, bytes.length);
    }
    const read = new Set<string>();
    const recorded = <A extends Int32Array | Float64Array>(arrays: readonly A[], words: number) =>
      arrays.map((array, segment) =>
        new Proxy(array, {
          get(target, index) {
            read.add(`${segment}:${Math.floor((Number(index) * words) / LINE_WORDS)}`);
            return target[Number(index)];
          },
        })
      );
    const changes = new ScoreChanges(recorded(arena.words, 1), recorded(arena.doubles, 2));
    const line = (block: Ref, index: number) =>
      `${block >>> SEGMENT_SHIFT}:${
        Math.floor((((block & SEGMENT_MASK) << 1) + index) / LINE_WORDS)
      }`;
    const assertRead = (block: Ref, index: number) =>
      assert(read.has(line(block, index)), `word ${index} of ${block} was not loaded`);
    const assertBlockRead = (block: Ref) => {
      for (let index = 0; index < 128; index += LINE_WORDS) assertRead(block, index);
    };
    const root = arena.word(ref, ROOT);
    let levels = 0;
    for (let round = 0; round < 50; round++) {
      const bytes = random.pick(members);
      const element = set.find(ref, bytes, 0, bytes.length);
      const score = scoreFor(random.below(ELEMENTS));
      read.clear();
      changes.count = 0;
      changes.add(score, hasher.hash(bytes, 0, bytes.length));
      changes.elements[0] = element;
      changes.walk(root);
      const block = set.positionOf(ref, element) & ~INDEX_MASK;
      assertBlockRead(block);
      let below: Ref = root;
      let target: Ref = root;
      let depth = 0;
      while (below !== NONE) {
        assertRead(below, LEFT);
        depth++;
        const first = arena.doubles[below >>> SEGMENT_SHIFT][(below & SEGMENT_MASK) + FIRST_SCORE];
        if (first < score) target = below;
        below = arena.word(below, first < score ? RIGHT : LEFT);
      }
      assertBlockRead(arena.word(target, BLOCK));
      // The walk up makes a step less than the walk down, which mostly is as long.
      let up = arena.word(block, NODE);
      for (let level = 0; level < depth - 1 && up !== NONE; level++, up = arena.word(up, PARENT)) {
        assertRead(up, PARENT);
      }
      levels += depth;
    }
    assert(levels > 300, "the paths were too short to tell anything");
    set.destroy(ref);
  });
}

Deno.test("score changes: loading ahead leaves every word of the arena as it was", () => {
  const arena = new Arena();
  const set = new SortedSet(arena, new KeyHasher(1, 2), {
    maxListpackEntries: 8,
    maxListpackValueBytes: 64,
  });
  set.create();
  const random = new SeededRandom(7);
  const odd = [NaN, Infinity, -Infinity, -0, 5e-324, -1e308];
  // On the way the hash table is resized several times, so that loads fall into resizes too.
  for (let i = 0; i < 20_000; i++) {
    const bytes = encoder.encode(`m${random.below(12_000)}`);
    set.add(random.below(1000) - 500, bytes, 0, bytes.length);
    if (i % 97 !== 0 || set.encoding !== SortedSetEncoding.Tree) continue;
    const before = i % 9700 === 0 ? arena.words[0].slice() : undefined;
    const expected = random.below(MAX_SCORE_CHANGES + 10);
    for (let j = 0; j < expected; j++) {
      const other = encoder.encode(`m${random.below(24_000)}`); // half of them are not there
      const score = random.below(3) === 0 ? random.pick(odd) : random.below(1000) - 500;
      set.expectScore(score, other, 0, other.length);
    }
    set.prefetch();
    if (before !== undefined) assert(before.every((word, at) => word === arena.words[0][at]));
  }
  set.verify();
  assert(set.gainsByPrefetch);
  set.destroy();
});
