/** Glob patterns against a model, on what is made to be slow, and against a real redis-server. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { GlobPattern } from "../../../structures/bytes/glob.ts";
import { RedisReference, withoutRedis } from "../../harness/redis_reference.ts";
import { SeededRandom } from "../seeded_random.ts";
import { modelMatches } from "./glob_model.ts";

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether the text matches; both stand between other bytes. */
function matches(pattern: string, text: string, ignoresCase = false): boolean {
  const glob = new GlobPattern(bytesOf(`*[${pattern}]*`), 2, pattern.length, ignoresCase);
  return glob.matches(bytesOf(`?${text}*]`), 1, text.length);
}

/** What patterns are made of, and a text that each takes, or nearly. */
const PARTS: readonly (readonly [string, string])[] = [
  ..."abABZz]-^\xff\x80\x7f\0".split("").map((byte) => [byte, byte] as const),
  ["*", ""],
  ["*", "ab"],
  ["**", "b"],
  ["?", "a"],
  ["?", "\xff"],
  ["\\", "b"],
  ["\\a", "a"],
  ["\\A", "a"],
  ["\\*", "*"],
  ["[", "["],
  ["[a-z]", "m"],
  ["[z-a]", "m"],
  ["[A-Z]", "m"],
  ["[Z-a]", "z"],
  ["[a-\xff]", "b"],
  ["[\xff-a]", "A"],
  ["[\x80-\x7f]", "a"],
  ["[^a-y]", "z"],
  ["[\\A]", "A"],
  ["[\\A]", "a"],
  ["[]", "a"],
  ["[^]", "a"],
  ["[a-]", "a"],
  ["[abcdefghijklm\\]op-z]", "x"],
  ["[^ABCDEFGHIJKLMNOP]", "q"],
  ["[bbbbbbbbbbbbbbbbbbbbbb", "b"],
];

Deno.test("glob: matches what a model matches, in either case", () => {
  const parts = fc.array(fc.constantFrom(...PARTS), { maxLength: 8 });
  const noise = fc.array(fc.constantFrom("", "", "", "", "a", "B", "\xff"), { maxLength: 8 });
  let matched = 0;
  fc.assert(
    fc.property(parts, noise, fc.boolean(), (parts, noise, ignoresCase) => {
      const pattern = parts.map(([source]) => source).join("");
      const text = parts.map(([, taken], i) => taken + (noise[i] ?? "")).join("");
      const expected = modelMatches(pattern, text, ignoresCase);
      if (expected) matched++;
      assertEquals(matches(pattern, text, ignoresCase), expected);
      assertEquals(matches(pattern, "", ignoresCase), pattern === "");
    }),
    { numRuns: 20_000 },
  );
  assert(matched > 2000, `only ${matched} matched`);
});

Deno.test("glob: long segments between stars are found where a model finds them", () => {
  const random = new SeededRandom(22);
  for (let round = 0; round < 80; round++) {
    // Of few bytes, so that much nearly matches; the text has the segments, some with a fault.
    const length = 33 + random.below(200);
    const common = round % 2 === 0 ? "a" : "ab".repeat(length);
    const segments = Array.from({ length: 1 + random.below(3) }, () => {
      const bytes = [...common.repeat(length).slice(0, length)];
      if (random.below(3) > 0) bytes[random.below(length)] = "?";
      if (random.below(3) === 0) bytes[random.below(length)] = "[b-z]";
      if (random.below(2) === 0) bytes[length - 1 - random.below(5)] = "b";
      return bytes;
    });
    const pattern = `*${segments.map((bytes) => bytes.join("")).join("*")}*`;
    const text = segments.map((bytes) => {
      const found = bytes.map((byte) => byte.length > 1 ? "c" : byte === "?" ? "x" : byte);
      if (random.below(4) === 0) found[random.below(length)] = "b";
      return common.repeat(500).slice(0, 200 + random.below(1000)) + found.join("");
    }).join("") + "a".repeat(random.below(40));
    assertEquals(matches(pattern, text), modelMatches(pattern, text), `round ${round}`);
    // What is missing of a text must not be found behind its end.
    const cut = text.length - random.below(45);
    const glob = new GlobPattern(bytesOf(pattern));
    assertEquals(
      glob.matches(bytesOf(text), 0, cut),
      modelMatches(pattern, text.slice(0, cut)),
      `round ${round}, ${cut} bytes`,
    );
  }
});

Deno.test("glob: case counts as Redis counts it", () => {
  const table: [string, string, boolean][] = [
    ["MAX\\Memory", "maxmemory", true],
    ["[A-M]AX[MN]emory", "maxmemory", true],
    ["[\\S]et", "set", false],
    ["[\\s]et", "SET", false],
    ["[\\S]et", "Set", true],
    ["[Z-a]", "z", false],
    ["[Z-]X]", "x", true],
    ["[a-z]", "K", true],
    ["\xc4", "\xe4", false],
    ["[^A]", "a", false],
    ["[\x80-\x7f]", "a", false],
    ["[\xff-\x7f]", "a", true],
    ["[\x80-\x90]", "\x85", true],
  ];
  for (const [pattern, text, expected] of table) {
    assertEquals(matches(pattern, text, true), expected, `${pattern} ${text}`);
  }
});

/** The bytes of a text, and how often they are read; which a slow search cannot hide. */
function counted(text: string): { bytes: Uint8Array; reads: () => number } {
  let reads = 0;
  const bytes = new Proxy(bytesOf(text), {
    get(target, key) {
      if (typeof key === "string" && key >= "0" && key <= ":") reads++;
      return Reflect.get(target, key, target);
    },
  });
  return { bytes, reads: () => reads };
}

Deno.test("glob: no pattern makes a match take quadratic time", () => {
  const a = (count: number) => "a".repeat(count);
  const table: [string, string, string, number][] = [
    ["a tail behind one star", `*${a(50_000)}b`, a(100_000), 1],
    ["a tail with an end that matches", `*b${a(50_000)}`, a(100_000), 1],
    ["bytes between stars", `*${a(20_000)}b*`, a(60_000), 4],
    ["many stars", "*a".repeat(10_000) + "*b", a(20_000), 4],
    ["the same again and again", `*${a(500)}b`.repeat(20) + "*", a(60_000), 4],
    // At most a thirty-second of it, and the first piece is found everywhere.
    ["any byte between stars", `*${a(1000)}?${a(1000)}b*`, a(6000), 100],
    ["a class between stars", `*${a(1000)}[ab]${a(1000)}b*`, a(6000), 100],
  ];
  for (const [name, pattern, text, most] of table) {
    const { bytes, reads } = counted(text);
    const glob = new GlobPattern(bytesOf(pattern));
    assertEquals(glob.matches(bytes, 0, text.length), false, name);
    assert(reads() <= most * text.length, `${name}: ${reads()} reads of ${text.length} bytes`);
  }
});

Deno.test("glob: a long class is read a few times, however long and many the texts are", () => {
  const source = `*[${"z".repeat(40_000)}]*b`;
  const { bytes, reads } = counted(source);
  const glob = new GlobPattern(bytes, 0, source.length);
  const text = bytesOf("y".repeat(20_000) + "b");
  for (let i = 0; i < 10; i++) assert(!glob.matches(text, 0, text.length));
  assert(reads() < 20 * source.length, `${reads()} reads`);
});

Deno.test("glob: a pattern takes no memory before a text is as long", () => {
  const pattern = new GlobPattern(bytesOf("a".repeat(1_000_000)));
  const text = bytesOf("a".repeat(999_999));
  assertEquals(pattern.matches(text, 0, text.length), false);
  assertEquals(pattern.elements.length, 0);
});

const SEED = 20261126;

Deno.test({
  name: `glob: KEYS and COMMAND LIST of redis-server find the same (seed ${SEED})`,
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    const random = new SeededRandom(SEED);
    const text = (most: number) =>
      Array.from({ length: random.below(most) }, () => random.pick(PARTS)[1]).join("");
    const keys = new Set(Array.from({ length: 300 }, () => text(5)));
    for (const key of keys) await redis.call("SET", bytesOf(key), "");
    const names = await stringsOf(redis.call("COMMAND", "LIST"));
    for (let round = 0; round < 500; round++) {
      const parts = Array.from({ length: 1 + random.below(6) }, () => random.pick(PARTS)[0]);
      const pattern = parts.join("");
      const found = await stringsOf(redis.call("KEYS", bytesOf(pattern)));
      // KEYS * does not ask: it finds the empty key too.
      const expected = [...keys].filter((key) => pattern === "*" || matches(pattern, key)).sort();
      assertEquals(found, expected, JSON.stringify(pattern));
      // The beginning of a name in other letters, so that something is found.
      const name = random.pick(names);
      const loose = (random.below(2) === 0 ? name.toUpperCase() : name)
        .replace(/./gi, (letter) => random.below(3) > 0 ? letter : random.pick(LOOSE)(letter));
      const asked = random.below(2) === 0 ? loose : `${loose.slice(0, 4)}*${pattern}`;
      assertEquals(
        await stringsOf(redis.call("COMMAND", "LIST", "FILTERBY", "PATTERN", bytesOf(asked))),
        names.filter((name) => matches(asked, name, true)),
        JSON.stringify(asked),
      );
    }
  },
});

/** Ways to write a letter so that it may still match. */
const LOOSE: readonly ((letter: string) => string)[] = [
  () => "?",
  () => "*",
  (letter) => `\\${letter.toUpperCase()}`,
  (letter) => `[\\${letter}]`,
  (letter) => `[${letter.toUpperCase()}Q]`,
  (letter) => `[A-${letter}]`,
  (letter) => `[^${letter}]`,
  (letter) => `[${letter}`,
];

/** A reply's strings, sorted, with a character for each byte. */
async function stringsOf(reply: Promise<unknown>): Promise<string[]> {
  const items = await reply as (Uint8Array | string)[];
  return items.map((item) => typeof item === "string" ? item : String.fromCharCode(...item)).sort();
}
