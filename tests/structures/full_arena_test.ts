// Every structure in an arena that is full now and then: an addition that fails leaves the value as
// it was, a removal does not fail at all, and nothing leaks.

import { assert, assertEquals, assertGreater } from "@std/assert";
import { Arena, ArenaFullError } from "../../structures/arena/arena.ts";
import { FieldMap } from "../../structures/field_map/field_map.ts";
import { KeyHasher } from "../../structures/hash_table/hash.ts";
import { List } from "../../structures/list/list.ts";
import { MemberSet } from "../../structures/set/member_set.ts";
import { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { ArenaFaults } from "./arena_faults.ts";
import { latin1 } from "./list/list_model.ts";
import { SeededRandom } from "./seeded_random.ts";

const STEPS = 4000;
/** Most values have fewer elements; a value that has more is emptied. */
const MOST_ELEMENTS = 400;

interface ByteView {
  bytes: Uint8Array;
  start: number;
  length: number;
}

function textOf({ bytes, start, length }: ByteView): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

/** Does a thing in an arena that is full at some moment, as often as it takes to have it done. */
class Attempts {
  refused = 0;
  readonly #random: SeededRandom;

  constructor(readonly faults: ArenaFaults, random: SeededRandom) {
    this.#random = random;
  }

  /** @param check that everything is as before, called after each refusal */
  make(change: () => void, check: () => void): void {
    const lasts = this.#random.below(2) === 0;
    for (let at = 1;; at++) {
      this.faults.arm(at, lasts);
      try {
        change();
        this.faults.disarm();
        return;
      } catch (error) {
        this.faults.disarm();
        assert(error instanceof ArenaFullError);
        this.refused++;
        check();
      }
    }
  }

  /** As make, for what cannot be refused. */
  force(change: () => void): void {
    this.faults.arm(1, true);
    change();
    this.faults.disarm();
  }
}

for (const size of [3, -1, -2]) {
  Deno.test(`lists stay whole in a full arena, list-max-listpack-size ${size}`, () => {
    using faults = new ArenaFaults();
    const random = new SeededRandom(100 + size);
    const attempts = new Attempts(faults, random);
    const arena = new Arena();
    const start = arena.usedBytes;
    const list = new List(arena, { maxListpackSize: size });
    list.create();
    let model: string[] = [];
    const contents = () => {
      const found: string[] = [];
      for (let more = list.seekFirst(); more; more = list.next()) found.push(textOf(list.element));
      return found;
    };
    const check = () => {
      list.verify();
      assertEquals(contents(), model);
    };
    for (let step = 0; step < STEPS; step++) {
      const text = random.below(20) === 0
        ? "x".repeat(random.pick([900, 5000, 9000]))
        : String(random.below(30) - 5) + random.pick(["", "a", "text".repeat(5)]);
      const bytes = latin1(text);
      const index = random.below(Math.max(1, model.length));
      const has = model.length > 0;
      const mayGrow = model.length < MOST_ELEMENTS;
      switch (random.below(8)) {
        case 0:
        case 1:
          if (!mayGrow) break;
          attempts.make(() => {
            list.prepare(1, bytes.length);
            list.pushFirst(bytes, 0, bytes.length);
          }, check);
          model.unshift(text);
          break;
        case 2:
          if (!mayGrow) break;
          attempts.make(() => {
            list.prepare(1, bytes.length);
            list.pushLast(bytes, 0, bytes.length);
          }, check);
          model.push(text);
          break;
        case 3:
          if (!has) break;
          attempts.make(() => {
            list.prepare(1, bytes.length);
            list.seek(index);
            list.insertAtCursor(index % 2 === 0, bytes, 0, bytes.length);
          }, check);
          model.splice(index + (index % 2 === 0 ? 1 : 0), 0, text);
          break;
        case 4:
          if (!has) break;
          attempts.make(() => {
            list.prepare(1, bytes.length);
            list.seek(index);
            list.replaceAtCursor(bytes, 0, bytes.length);
          }, check);
          model[index] = text;
          attempts.force(() => list.compact());
          break;
        case 5:
          if (!has) break;
          attempts.force(() => {
            if (index % 2 === 0) list.removeFirst();
            else list.removeLast();
            list.compact();
          });
          if (index % 2 === 0) model.shift();
          else model.pop();
          break;
        case 6: {
          if (random.below(4) !== 0) break;
          const count = Math.min(random.below(60), model.length - index);
          attempts.force(() => {
            list.removeRange(index, count);
            list.compact();
          });
          model.splice(index, count);
          break;
        }
        default:
          if (random.below(4) !== 0) break;
          attempts.force(() => {
            list.removeEqual(bytes, 0, bytes.length, Infinity, false);
            list.compact();
          });
          model = model.filter((element) => element !== text);
      }
      if (step % 7 === 0) check();
      else list.verify();
    }
    assertGreater(attempts.refused, 100);
    list.destroy();
    arena.verify();
    assertEquals(arena.usedBytes, start);
  });
}

Deno.test("many pushes at once are all made or none", () => {
  using faults = new ArenaFaults();
  for (const size of [3, -1, -5]) {
    for (const elements of [2, 50, 3000]) {
      for (const length of [1, 90, 3000]) {
        const arena = new Arena();
        const list = new List(arena, { maxListpackSize: size });
        list.create();
        const bytes = new Uint8Array(length).fill(120);
        faults.arm(2, true);
        list.prepare(elements, elements * length);
        // The promise was the one thing that could fail.
        for (let i = 0; i < elements; i++) {
          if (i % 3 === 0) list.pushFirst(bytes, 0, length);
          else list.pushLast(bytes, 0, length);
        }
        faults.disarm();
        assertEquals(list.count, elements);
        list.verify();
      }
    }
  }
});

function hasher(): KeyHasher {
  return new KeyHasher(1, 2);
}

Deno.test("sets stay whole in a full arena", () => {
  using faults = new ArenaFaults();
  const random = new SeededRandom(7);
  const attempts = new Attempts(faults, random);
  const arena = new Arena();
  const start = arena.usedBytes;
  const limits = { maxIntsetEntries: 20, maxListpackEntries: 30, maxListpackValueBytes: 40 };
  const set = new MemberSet(arena, hasher(), limits);
  set.create();
  let model = new Set<string>();
  const check = () => {
    set.verify();
    const found: string[] = [];
    for (let more = set.seekFirst(); more; more = set.next()) found.push(textOf(set.member));
    assertEquals(found.sort(), [...model].sort());
  };
  for (let step = 0; step < STEPS; step++) {
    const number = random.below(random.pick([30, 500, 70_000])) * (step % 5 === 0 ? 1e9 : 1);
    const text = random.below(12) === 0
      ? `text ${number}`.repeat(1 + random.below(9))
      : `${number}`;
    const bytes = latin1(text);
    if (random.below(3) > 0) {
      attempts.make(() => set.add(bytes, 0, bytes.length), check);
      model.add(text);
    } else {
      attempts.force(() => assertEquals(set.remove(bytes, 0, bytes.length), model.has(text)));
      model.delete(text);
    }
    if (step % 5 === 0) check();
    if (model.size > MOST_ELEMENTS || step % 300 === 299) {
      set.destroy();
      assertEquals(arena.usedBytes, start);
      attempts.make(() => set.create(), () => assertEquals(arena.usedBytes, start));
      model = new Set();
    }
  }
  assertGreater(attempts.refused, 100);
  set.destroy();
  arena.verify();
  assertEquals(arena.usedBytes, start);
});

Deno.test("hashes stay whole in a full arena", () => {
  using faults = new ArenaFaults();
  const random = new SeededRandom(8);
  const attempts = new Attempts(faults, random);
  const arena = new Arena();
  const start = arena.usedBytes;
  const limits = { maxListpackEntries: 20, maxListpackValueBytes: 40 };
  const hash = new FieldMap(arena, hasher(), limits);
  hash.create();
  let model = new Map<string, string>();
  const check = () => {
    hash.verify();
    const found: string[] = [];
    for (let more = hash.seekFirst(); more; more = hash.next()) {
      found.push(`${textOf(hash.member)}=${textOf(hash.value)}`);
    }
    assertEquals(found.sort(), Array.from(model, ([field, value]) => `${field}=${value}`).sort());
  };
  for (let step = 0; step < STEPS; step++) {
    const field = `f${random.below(random.pick([10, 300]))}`;
    const value = random.pick(["", "1", "-70000", "v".repeat(random.below(45))]);
    const bytes = latin1(field);
    const valueBytes = latin1(value);
    if (random.below(3) > 0) {
      attempts.make(
        () => hash.set(bytes, 0, bytes.length, valueBytes, 0, valueBytes.length),
        check,
      );
      model.set(field, value);
    } else {
      attempts.force(() => assertEquals(hash.remove(bytes, 0, bytes.length), model.has(field)));
      model.delete(field);
    }
    if (step % 5 === 0) check();
    if (model.size > MOST_ELEMENTS || step % 300 === 299) {
      hash.destroy();
      assertEquals(arena.usedBytes, start);
      attempts.make(() => hash.create(), () => assertEquals(arena.usedBytes, start));
      model = new Map();
    }
  }
  assertGreater(attempts.refused, 100);
  hash.destroy();
  arena.verify();
  assertEquals(arena.usedBytes, start);
});

Deno.test("sorted sets stay whole in a full arena", () => {
  using faults = new ArenaFaults();
  const random = new SeededRandom(9);
  const attempts = new Attempts(faults, random);
  const arena = new Arena();
  const start = arena.usedBytes;
  const limits = { maxListpackEntries: 20, maxListpackValueBytes: 40 };
  const set = new SortedSet(arena, hasher(), limits);
  set.create();
  let model = new Map<string, number>();
  const check = () => {
    set.verify();
    const found: string[] = [];
    set.forEach(({ member, score }) => found.push(`${textOf(member)}=${score}`));
    assertEquals(found.sort(), Array.from(model, ([member, score]) => `${member}=${score}`).sort());
  };
  for (let step = 0; step < STEPS; step++) {
    const member = `m${random.below(random.pick([10, 600]))}`.repeat(random.pick([1, 1, 1, 9]));
    const score = random.below(100) / random.pick([1, 8]);
    const bytes = latin1(member);
    if (random.below(4) > 0) {
      attempts.make(() => set.add(score, bytes, 0, bytes.length), check);
      model.set(member, score);
    } else {
      attempts.force(() => assertEquals(set.remove(bytes, 0, bytes.length), model.has(member)));
      model.delete(member);
    }
    if (step % 5 === 0) check();
    if (model.size > MOST_ELEMENTS || step % 700 === 699) {
      set.destroy();
      assertEquals(arena.usedBytes, start);
      attempts.make(() => set.create(), () => assertEquals(arena.usedBytes, start));
      model = new Map();
    }
  }
  assertGreater(attempts.refused, 100);
  set.destroy();
  arena.verify();
  assertEquals(arena.usedBytes, start);
});

Deno.test("many additions at once are all made or none, once the members' bytes are reserved", () => {
  using faults = new ArenaFaults();
  const limits = { maxIntsetEntries: 20, maxListpackEntries: 30, maxListpackValueBytes: 40 };
  for (const present of [0, 5, 25, 40, 900]) {
    for (const members of [2, 10, 28, 100, 5000]) {
      for (const prefix of ["", "m", "m".repeat(39)]) {
        const arena = new Arena();
        const set = new MemberSet(arena, hasher(), limits);
        const hash = new FieldMap(arena, hasher(), limits);
        const sorted = new SortedSet(arena, hasher(), limits);
        set.create();
        hash.create();
        sorted.create();
        const texts = Array.from({ length: present + members }, (_, i) => latin1(prefix + i * 7));
        const bytes = texts.reduce((sum, text) => sum + text.length, 0);
        const add = {
          set: (text: Uint8Array) => set.add(text, 0, text.length),
          hash: (text: Uint8Array) => hash.set(text, 0, text.length, text, 0, text.length),
          sorted: (text: Uint8Array) => sorted.add(text.length * 1.5, text, 0, text.length),
        };
        for (const text of texts.slice(0, present)) {
          for (const addTo of Object.values(add)) addTo(text);
        }
        const first = texts[present];
        const prepare = {
          set: () => set.prepare(members, first, 0, first.length),
          hash: () => hash.prepare(members),
          sorted: () => sorted.prepare(members, first.length),
        };
        for (const name of ["set", "hash", "sorted"] as const) {
          // What a command's request is given for its bytes.
          faults.arm(3, true);
          arena.reserve(16 * Math.min(bytes, 65_536) + 4 * bytes);
          prepare[name]();
          for (const text of texts.slice(present)) add[name](text);
          faults.disarm();
        }
        assertEquals([set.count, hash.count, sorted.count], Array(3).fill(present + members));
        set.verify();
        hash.verify();
        sorted.verify();
      }
    }
  }
});
