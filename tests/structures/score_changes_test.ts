import { assert } from "@std/assert";
import { Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../structures/arena.ts";
import { KeyHasher } from "../../structures/hash.ts";
import { MAX_SCORE_CHANGES, ScoreChanges } from "../../structures/score_changes.ts";
import { SortedSet, TREE } from "../../structures/sorted_set.ts";
import { LEFT, PARENT, RIGHT, scoreOf } from "../../structures/sorted_set_element.ts";
import { TreeSortedSet } from "../../structures/sorted_set_tree.ts";
import { SeededRandom } from "./seeded_random.ts";

const TREE_ROOT = 1;
const ELEMENTS = 6000;
const encoder = new TextEncoder();

/** Scores that only their lower words, their upper words or their signs tell apart. */
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
    const word = (element: Ref, field: number) => arena.word(element, field);

    const read = new Set<string>();
    const segments = arena.words.map((words, segment) =>
      new Proxy(words, {
        get(target, index) {
          read.add(`${segment}:${String(index)}`);
          return target[Number(index)];
        },
      })
    );
    const wasRead = (element: Ref, field: number) =>
      read.has(`${element >>> SEGMENT_SHIFT}:${((element & SEGMENT_MASK) << 1) + field}`);
    const changes = new ScoreChanges(segments);
    const root = word(ref, TREE_ROOT);
    let passed = 0;
    let missed = 0;
    for (let round = 0; round < 50; round++) {
      const bytes = random.pick(members);
      const element = set.find(ref, bytes, 0, bytes.length);
      const score = scoreFor(random.below(ELEMENTS));
      read.clear();
      changes.count = 0;
      changes.add(score, hasher.hash(bytes, 0, bytes.length));
      changes.climbs[0] = element;
      changes.walk(root, set.count(ref));
      const count = (loaded: boolean) => loaded ? passed++ : missed++;
      for (let up = element; up !== NONE; up = word(up, PARENT)) count(wasRead(up, PARENT));
      const [left, right] = [word(element, LEFT), word(element, RIGHT)];
      if (left !== NONE) count(wasRead(left, RIGHT));
      if (right !== NONE) count(wasRead(right, LEFT));
      let below: Ref = root;
      while (below !== NONE && scoreOf(arena, below) !== score) {
        const side = scoreOf(arena, below) < score ? RIGHT : LEFT;
        count(wasRead(below, side));
        below = word(below, side);
      }
    }
    assert(passed > 300, "the paths were too short to tell anything");
    // Two levels may lie deeper than a balanced tree's, and the last bits are not compared.
    assert(missed * 20 <= passed, `${missed} of ${passed + missed} elements were not loaded`);
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
    if (i % 97 !== 0 || set.encoding !== TREE) continue;
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
