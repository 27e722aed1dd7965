import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Arena, type Ref } from "../../../structures/arena/arena.ts";
import { compareBytes } from "../../../structures/bytes/byte_order.ts";
import { Listpack } from "../../../structures/listpack/listpack.ts";
import { EntryDraft, listpackProblem } from "../../../structures/listpack/listpack_entry.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The texts of all entries, front to back; checks that the way back finds the same positions. */
function texts(arena: Arena, listpack: Listpack, ref: Ref): string[] {
  const all: string[] = [];
  const positions: number[] = [];
  for (let at = listpack.first(ref); at !== 0; at = listpack.next(ref, at)) {
    const target = new Uint8Array(listpack.textLength(ref, at) + 2);
    const end = listpack.writeText(ref, at, target, 1);
    assertEquals(end, target.length - 1);
    all.push(decoder.decode(target.subarray(1, end)));
    positions.push(at);
    if (!listpack.isInteger(ref, at)) {
      const start = listpack.stringStart(ref, at);
      const length = listpack.stringLength(ref, at);
      assertEquals(
        decoder.decode(arena.bytes[ref >>> 23].slice(start, start + length)),
        all.at(-1),
      );
    }
  }
  for (let at = listpack.last(ref); at !== 0; at = listpack.previous(ref, at)) {
    assertEquals(at, positions.pop());
  }
  assertEquals(positions.length, 0);
  return all;
}

function dump(arena: Arena, listpack: Listpack, ref: Ref): Uint8Array {
  const start = (ref & ((1 << 23) - 1)) << 3;
  return arena.bytes[ref >>> 23].slice(start, start + listpack.totalBytes(ref));
}

function withListpack(run: (arena: Arena, listpack: Listpack, ref: Ref) => Ref): void {
  const arena = new Arena();
  const listpack = new Listpack(arena);
  const start = arena.usedBytes;
  const end = run(arena, listpack, listpack.create());
  listpack.verify(end);
  arena.free(end);
  assertEquals(arena.usedBytes, start);
  arena.verify();
}

Deno.test("listpack: an empty one is seven bytes", () => {
  withListpack((arena, listpack, ref) => {
    assertEquals(dump(arena, listpack, ref), Uint8Array.of(7, 0, 0, 0, 0, 0, 255));
    assertEquals([listpack.first(ref), listpack.last(ref), listpack.count(ref)], [0, 0, 0]);
    return ref;
  });
});

/** Integers around every edge of an encoding, and the bytes that their bodies begin with. */
const INTEGER_EDGES: [bigint, number, number][] = [
  [0n, 1, 0x00],
  [127n, 1, 0x7f],
  [128n, 2, 0xc0],
  [-1n, 2, 0xdf],
  [4095n, 2, 0xcf],
  [-4096n, 2, 0xd0],
  [4096n, 3, 0xf1],
  [-4097n, 3, 0xf1],
  [32_767n, 3, 0xf1],
  [-32_768n, 3, 0xf1],
  [32_768n, 4, 0xf2],
  [-32_769n, 4, 0xf2],
  [8_388_607n, 4, 0xf2],
  [-8_388_608n, 4, 0xf2],
  [8_388_608n, 5, 0xf3],
  [-8_388_609n, 5, 0xf3],
  [2_147_483_647n, 5, 0xf3],
  [-2_147_483_648n, 5, 0xf3],
  [2_147_483_648n, 9, 0xf4],
  [-2_147_483_649n, 9, 0xf4],
  [4_294_967_295n, 9, 0xf4],
  [4_294_967_296n, 9, 0xf4],
  [-4_294_967_296n, 9, 0xf4],
  [2n ** 53n - 1n, 9, 0xf4],
  [2n ** 53n, 9, 0xf4],
  [2n ** 53n + 1n, 9, 0xf4],
  [-(2n ** 53n), 9, 0xf4],
  [-(2n ** 53n) - 1n, 9, 0xf4],
  [2n ** 63n - 1n, 9, 0xf4],
  [-(2n ** 63n), 9, 0xf4],
];

Deno.test("listpack: every width of integer, at both of its edges", () => {
  for (const [value, bodyBytes, firstByte] of INTEGER_EDGES) {
    withListpack((arena, listpack, ref) => {
      const text = latin1(String(value));
      ref = listpack.append(ref, text, 0, text.length);
      const at = listpack.first(ref);
      assert(listpack.isInteger(ref, at));
      assertEquals(BigInt(listpack.integerAt(ref, at)), value);
      assertEquals(
        typeof listpack.integerAt(ref, at),
        Number.isSafeInteger(Number(value)) ? "number" : "bigint",
      );
      assertEquals(listpack.numberAt(ref, at), Number(value));
      assertEquals(listpack.totalBytes(ref), 7 + bodyBytes + 1);
      assertEquals(dump(arena, listpack, ref)[6], firstByte);
      assertEquals(texts(arena, listpack, ref), [String(value)]);
      assertEquals(listpack.find(ref, text, 0, text.length), at);
      if (Number.isSafeInteger(Number(value))) {
        ref = listpack.appendInteger(ref, Number(value));
        assertEquals(texts(arena, listpack, ref), [String(value), String(value)]);
        assertEquals(listpack.end(ref), at + 2 * (bodyBytes + 1));
      }
      return ref;
    });
  }
});

Deno.test("listpack: text that is no canonical 64-bit integer stays a string", () => {
  const others = ["", "-", "-0", "+1", "01", "1 ", " 1", "1.0", "9223372036854775808"];
  others.push("-9223372036854775809", "99999999999999999999", "0x1", "1e3");
  withListpack((arena, listpack, ref) => {
    for (const other of others) {
      ref = listpack.append(ref, latin1(other), 0, other.length);
      assert(!listpack.isInteger(ref, listpack.last(ref)), other);
    }
    assertEquals(texts(arena, listpack, ref), others);
    for (const other of others) {
      assertEquals(
        listpack.find(ref, latin1(other), 0, other.length),
        listpack.seek(ref, others.indexOf(other)),
      );
    }
    return ref;
  });
});

Deno.test("listpack: string encodings and backlens at both of their edges", () => {
  const bodies = [127, 128, 16_382, 16_383, 16_384, 2_097_150, 2_097_151, 2_097_152];
  const lengths = [0, 1, 63, 64, 4095, 4096, 65_535, 65_536];
  for (const body of bodies) lengths.push(body - 1, body - 2, body - 5);
  for (const length of lengths) {
    withListpack((arena, listpack, ref) => {
      const header = length < 64 ? 1 : length < 4096 ? 2 : 5;
      const body = header + length;
      const backlen = body < 128 ? 1 : body < 16_383 ? 2 : body < 2_097_151 ? 3 : 4;
      const text = new Uint8Array(length).fill(120);
      ref = listpack.append(ref, text, 0, length);
      assertEquals(listpack.totalBytes(ref), 7 + body + backlen);
      assertEquals(listpack.stringLength(ref, 6), length);
      ref = listpack.append(ref, latin1("z"), 0, 1);
      assertEquals(listpack.previous(ref, listpack.last(ref)), 6);
      assertEquals(listpack.find(ref, text, 0, length), 6);
      assertEquals(listpack.compare(ref, 6, text, 0, length), 0);
      listpack.verify(ref);
      ref = listpack.remove(ref, 6);
      assertEquals(texts(arena, listpack, ref), ["z"]);
      return ref;
    });
  }
});

Deno.test("listpack: 65,535 entries and more are counted by walking", () => {
  withListpack((_, listpack, ref) => {
    const text = latin1("7");
    for (let i = 0; i < 65_534; i++) ref = listpack.append(ref, text, 0, 1);
    assertEquals(listpack.count(ref), 65_534);
    for (let i = 0; i < 3; i++) ref = listpack.append(ref, text, 0, 1);
    assertEquals(listpack.count(ref), 65_537);
    listpack.verify(ref);
    assertEquals(listpack.seek(ref, 65_536), listpack.last(ref));
    ref = listpack.remove(ref, 6, 10);
    assertEquals(listpack.count(ref), 65_527);
    listpack.verify(ref);
    return listpack.remove(ref, 6, 1e9);
  });
});

Deno.test("listpack: random changes against an array", () => {
  const entry = fc.oneof(
    fc.string({ unit: "binary-ascii", maxLength: 70 }),
    fc.integer({ min: -5000, max: 5000 }).map(String),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
    fc.constantFrom(127, 128, 4000, 20_000).map((length) => "y".repeat(length)),
  );
  const step = fc.record({
    kind: fc.constantFrom("append", "prepend", "before", "after", "replace", "remove", "find"),
    index: fc.nat({ max: 1000 }),
    text: entry,
    run: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      withListpack((arena, listpack, ref) => {
        const model: string[] = [];
        for (const { kind, index, text, run } of steps) {
          const bytes = latin1("<" + text + ">");
          const length = text.length;
          const here = model.length === 0 ? 0 : index % model.length;
          const at = listpack.seek(ref, here);
          if (kind === "append") {
            ref = listpack.append(ref, bytes, 1, length);
            model.push(text);
          } else if (kind === "prepend") {
            ref = listpack.prepend(ref, bytes, 1, length);
            model.unshift(text);
          } else if (kind === "find") {
            assertEquals(
              listpack.find(ref, bytes, 1, length),
              model.includes(text) ? listpack.seek(ref, model.indexOf(text)) : 0,
            );
          } else if (model.length > 0) {
            if (kind === "before") {
              ref = listpack.insertBefore(ref, at, bytes, 1, length);
              model.splice(here, 0, text);
            } else if (kind === "after") {
              ref = listpack.insertAfter(ref, at, bytes, 1, length);
              model.splice(here + 1, 0, text);
            } else if (kind === "replace") {
              ref = listpack.replace(ref, at, bytes, 1, length);
              model[here] = text;
            } else {
              ref = listpack.remove(ref, at, run);
              model.splice(here, run);
            }
          }
          listpack.verify(ref);
          assertEquals(listpack.count(ref), model.length);
        }
        assertEquals(texts(arena, listpack, ref), model);
        for (const [i, text] of model.entries()) {
          const at = listpack.seek(ref, i);
          assertEquals(listpack.seek(ref, i - model.length), at);
          const probe = latin1(model[0]);
          const own = latin1(text);
          assertEquals(
            Math.sign(listpack.compare(ref, at, probe, 0, probe.length)),
            Math.sign(compareBytes(own, 0, own.length, probe, 0, probe.length)),
          );
        }
        return ref;
      });
    }),
    { numRuns: 100 },
  );
});

Deno.test("listpack: an entry gives way to one as long, and nothing else changes", () => {
  withListpack((arena, listpack, first) => {
    let ref = first;
    const all = ["before", "abc", "behind"];
    for (const text of all) ref = listpack.append(ref, latin1(text), 0, text.length);
    const put = (text: string) => {
      ref = listpack.replace(ref, listpack.seek(ref, 1), latin1(text), 0, text.length);
      listpack.verify(ref);
      all[1] = text;
      assertEquals(texts(arena, listpack, ref), all);
      assertEquals(listpack.find(ref, latin1(text), 0, text.length), listpack.seek(ref, 1));
    };
    // Of one length as texts or as entries, integers or not, strings of every width of length.
    for (const text of ["xyz", "123", "-12", "-1x", "4096", "1000000", "5000000", "ab", "7", "x"]) {
      put(text);
    }
    for (const length of [0, 63, 64, 4095, 4096]) {
      put("a".repeat(length));
      put("b".repeat(length));
      put("c".repeat(length));
    }
    return ref;
  });
});

Deno.test("listpack: find with skip compares members only", () => {
  withListpack((_, listpack, ref) => {
    for (const text of ["a", "5", "5", "a", "b", "5"]) {
      ref = listpack.append(ref, latin1(text), 0, text.length);
    }
    assertEquals(listpack.find(ref, latin1("5"), 0, 1, 1), listpack.seek(ref, 2));
    assertEquals(listpack.find(ref, latin1("a"), 0, 1, 1, listpack.seek(ref, 2)), 0);
    assertEquals(
      listpack.find(ref, latin1("a"), 0, 1, 0, listpack.seek(ref, 1)),
      listpack.seek(ref, 3),
    );
    return ref;
  });
});

Deno.test("listpack: a run moves to any place, the block staying what it is", () => {
  const all = ["a", "5", "b".repeat(300), "-7000", "c", "99999999999", ""];
  for (let run = 1; run <= all.length; run++) {
    for (let from = 0; from + run <= all.length; from++) {
      for (let to = 0; to <= all.length; to++) {
        if (to > from && to < from + run) continue;
        withListpack((arena, listpack, ref) => {
          for (const text of all) ref = listpack.append(ref, latin1(text), 0, text.length);
          const before = to === all.length ? listpack.end(ref) : listpack.seek(ref, to);
          listpack.move(ref, listpack.seek(ref, from), run, before);
          const model = all.slice();
          const moved = model.splice(from, run);
          model.splice(to > from ? to - run : to, 0, ...moved);
          assertEquals(texts(arena, listpack, ref), model);
          return ref;
        });
      }
    }
  }
});

Deno.test("listpack: a pair goes in as a whole", () => {
  withListpack((arena, listpack, ref) => {
    const first = new EntryDraft();
    const second = new EntryDraft();
    for (let i = 0; i < 5; i++) {
      first.setText(latin1("field"), 0, 5);
      second.setInteger(i * 100);
      ref = listpack.insertPair(ref, i % 2 === 0 ? listpack.end(ref) : 6, first, second);
      listpack.verify(ref);
    }
    const values = texts(arena, listpack, ref).filter((_, i) => i % 2 === 1);
    assertEquals(values, ["300", "100", "0", "200", "400"]);
    return ref;
  });
});

Deno.test("listpack: a capacity hint keeps the block in its place", () => {
  withListpack((_, listpack, ref) => {
    listpack.verify(ref);
    const hinted = listpack.create(1000);
    let moved = hinted;
    for (let i = 0; i < 100; i++) moved = listpack.append(moved, latin1("member"), 0, 6);
    assertEquals(moved, hinted);
    moved = listpack.remove(moved, 6, 99);
    listpack.verify(moved);
    _.free(moved);
    return ref;
  });
});

/** A listpack's bytes from hand-written entries, with a right header unless told otherwise. */
function handMade(entries: number[], count: number, total?: number): Uint8Array {
  const length = total ?? entries.length + 7;
  return Uint8Array.of(length & 255, length >> 8, 0, 0, count & 255, count >> 8, ...entries, 255);
}

Deno.test("listpack: hostile bytes are refused, each for what is wrong with it", () => {
  const hostile: [string, Uint8Array][] = [
    ["shorter than its header", new Uint8Array(0)],
    ["shorter than its header", Uint8Array.of(6, 0, 0, 0, 0, 0)],
    ["shorter than its header", Uint8Array.of(3, 0, 0, 0, 0, 0, 255)],
    ["longer than its bytes", handMade([5, 1], 1, 200)],
    ["longer than its bytes", Uint8Array.of(255, 255, 255, 255, 0, 0, 255)],
    ["without its end", Uint8Array.of(7, 0, 0, 0, 0, 0, 0)],
    ["cut off", handMade([0xe1], 1)],
    ["reaches over", handMade([0xc1], 1)],
    ["cut off", handMade([0xf0, 1, 0, 0], 1)],
    ["reaches over", handMade([0xbf, 65, 2], 1)],
    ["reaches over", handMade([0xf4, 1, 2, 3, 4, 5, 6, 7], 1)],
    ["reaches over", handMade([0xf0, 255, 255, 255, 255, 65, 66], 1)],
    ["reaches over", handMade([5], 1)],
    ["no known encoding", handMade([0xf5, 1], 1)],
    ["no known encoding", handMade([0xff, 1], 1)],
    ["wrong backlen", handMade([5, 2], 1)],
    ["wrong backlen", handMade([5, 129], 1)],
    ["wrong backlen", handMade([0x81, 65, 3], 1)],
    ["wrong count", handMade([5, 1], 2)],
    ["wrong count", handMade([], 1)],
  ];
  const listpack = new Listpack(new Arena());
  for (const [reason, bytes] of hostile) {
    const problem = listpackProblem(bytes, 0, bytes.length);
    assert(problem.includes(reason), `${bytes}: "${problem}" is not "${reason}"`);
    assertThrows(() => listpack.import(bytes, 0, bytes.length), RangeError, reason);
  }
  assertThrows(
    () => listpack.import(Uint8Array.of(7, 0, 0, 0, 0, 0, 255, 0), 0, 8),
    RangeError,
    "behind",
  );
});

Deno.test("listpack: no damaged byte leads a walk out of a block that verify accepts", () => {
  const random = fc.sample(fc.record({ at: fc.nat(), value: fc.nat({ max: 255 }) }), {
    numRuns: 3000,
    seed: 7,
  });
  const arena = new Arena();
  const listpack = new Listpack(arena);
  let ref = listpack.create();
  for (const text of ["a", "-70000", "9223372036854775807", "m".repeat(200), "12", "x"]) {
    ref = listpack.append(ref, latin1(text), 0, text.length);
  }
  const good = dump(arena, listpack, ref);
  let accepted = 0;
  for (const { at, value } of random) {
    const bytes = good.slice();
    bytes[at % bytes.length] = value;
    if (listpackProblem(bytes, 0, bytes.length) !== "") continue;
    accepted++;
    const imported = listpack.import(bytes, 0, bytes.length);
    texts(arena, listpack, imported);
    listpack.find(imported, latin1("none"), 0, 4);
    arena.free(imported);
  }
  assert(accepted > 0);
  arena.free(ref);
  arena.verify();
});

Deno.test("listpack: integers in wider encodings than needed are found by value", () => {
  const arena = new Arena();
  const listpack = new Listpack(arena);
  const wide = handMade([0xf4, 251, 255, 255, 255, 255, 255, 255, 255, 9, 0xf1, 3, 0, 3], 2);
  const ref = listpack.import(wide, 0, wide.length);
  assertEquals(texts(arena, listpack, ref), ["-5", "3"]);
  assertEquals(listpack.find(ref, encoder.encode("-5"), 0, 2), 6);
  assertEquals(listpack.find(ref, encoder.encode("3"), 0, 1), 16);
  assertEquals(listpack.find(ref, encoder.encode("4294967291"), 0, 10), 0);
  arena.free(ref);
});

Deno.test("pairs are counted right past 65,535 entries", () => {
  const arena = new Arena();
  const listpack = new Listpack(arena);
  const first = new EntryDraft();
  const second = new EntryDraft();
  let ref = listpack.create(300_000);
  let present = 0;
  for (const pairs of [32_766, 32_767, 32_768, 33_000]) {
    for (; present < pairs; present++) {
      first.setInteger(present % 100);
      second.setInteger(1);
      ref = listpack.insertPair(ref, listpack.end(ref), first, second);
    }
    assertEquals(listpack.count(ref), 2 * pairs);
    listpack.verify(ref);
  }
  ref = listpack.append(ref, new Uint8Array([97]), 0, 1);
  assertEquals(listpack.count(ref), 66_001);
  ref = listpack.remove(ref, listpack.first(ref), 467);
  assertEquals(listpack.count(ref), 65_534);
  // From 65,534 on: two more at once.
  ref = listpack.insertPair(ref, listpack.end(ref), first, second);
  assertEquals(listpack.count(ref), 65_536);
  listpack.verify(ref);
  arena.free(ref);
});
