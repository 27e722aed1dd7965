import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { selectRank } from "../../../structures/sorting/rank_selection.ts";
import { TextSorter } from "../../../structures/sorting/text_sorter.ts";
import { TextTable } from "../../../structures/sorting/text_table.ts";
import { latin1 } from "../list/list_model.ts";
import { SeededRandom } from "../seeded_random.ts";

const sorter = new TextSorter();
const table = new TextTable();

/** A text; undefined is missing. */
type Text = string | undefined;

function fill(texts: readonly Text[]): void {
  table.begin(texts.length);
  for (const text of texts) {
    if (text === undefined) table.addMissing();
    else table.add(latin1(`<${text}>`), 1, text.length);
  }
  sorter.begin(texts.length);
}

/** The items by ranks of a window, as the sorter has them. */
function sorted(
  texts: readonly Text[],
  weights: readonly number[] | undefined,
  descends: boolean,
  from: number,
  to: number,
): number[] {
  fill(texts);
  if (weights === undefined) sorter.sortByText(table, descends, from, to);
  else {
    sorter.weights.set(weights);
    sorter.sortByWeight(table, descends, from, to);
  }
  const items = [...sorter.items.subarray(from, to)];
  sorter.clear();
  table.clear();
  return items;
}

/** As Array.sort() would have it, which is stable too. */
function expected(
  texts: readonly Text[],
  weights: readonly number[] | undefined,
  descends: boolean,
): number[] {
  const compareTexts = (a: Text, b: Text) => {
    if (a === undefined || b === undefined) {
      return Number(b === undefined) - Number(a === undefined);
    }
    return a < b ? -1 : a > b ? 1 : 0;
  };
  const sign = descends ? -1 : 1;
  return texts.map((_, i) => i).sort((a, b) => {
    const byWeight = weights === undefined ? 0 : Math.sign(weights[a] - weights[b]) || 0;
    return sign * (byWeight || compareTexts(texts[a], texts[b]));
  });
}

const anyText = fc.oneof(
  fc.constantFrom("", "a", "ab", "\0", "a\0", "\xff", undefined),
  fc.tuple(
    fc.constantFrom("", "abcdef", "abcdefabcdef", "x".repeat(40)),
    fc.string({ maxLength: 9 }),
  )
    .map(([prefix, rest]) => prefix + rest.replaceAll(/[^\0-\xff]/g, "?")),
);

Deno.test("sorting texts: whatever they are, every window, either direction, as a stable sort", () => {
  fc.assert(
    fc.property(
      fc.array(anyText, { maxLength: 300, size: "max" }),
      fc.boolean(),
      fc.nat(),
      fc.nat(),
      (texts, descends, a, b) => {
        const order = expected(texts, undefined, descends);
        const from = a % (texts.length + 1);
        const to = from + b % (texts.length - from + 1);
        const window = sorted(texts, undefined, descends, from, to);
        assertEquals(window, order.slice(from, to));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("sorting by weights, and by texts where they are equal", () => {
  const weight = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, 1e-300, 2 ** 60),
    fc.integer({ min: -20, max: 20 }),
    fc.double({ noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(weight, anyText.map((text) => text ?? "")), {
        maxLength: 300,
        size: "max",
      }),
      fc.boolean(),
      fc.nat(),
      fc.nat(),
      (pairs, descends, a, b) => {
        const texts = pairs.map(([, text]) => text);
        const weights = pairs.map(([weight]) => weight);
        const order = expected(texts, weights, descends);
        const from = a % (texts.length + 1);
        const to = from + b % (texts.length - from + 1);
        assertEquals(sorted(texts, weights, descends, from, to), order.slice(from, to));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("sorting: many, with few and many values, whole and in part", () => {
  const random = new SeededRandom(4);
  for (const spread of [1, 3, 1000, 2 ** 31]) {
    const texts = Array.from({ length: 20_000 }, () => `element:${random.below(spread)}`);
    const order = expected(texts, undefined, false);
    assertEquals(sorted(texts, undefined, false, 0, texts.length), order);
    assertEquals(sorted(texts, undefined, false, 9000, 9010), order.slice(9000, 9010));
    const weights = texts.map((text) => Number(text.slice(8)) / 3);
    assertEquals(sorted(texts, weights, true, 5, 25), expected(texts, weights, true).slice(5, 25));
  }
});

Deno.test("sorting: texts up to their NUL, where that is asked for", () => {
  const texts = [
    "b\0z",
    "b",
    "abcdef\0x",
    "abcdef",
    "a\0\0",
    "b\0a",
    "abcdefg",
    "abcdef\0a",
    "\0",
    "",
  ];
  const cut = texts.map((text) => text.replace(/\0.*/s, ""));
  for (const copies of [1, 5]) {
    const many = Array.from({ length: copies }, () => texts).flat();
    const manyCut = Array.from({ length: copies }, () => cut).flat();
    table.endsAtNul = true;
    assertEquals(
      sorted(many, undefined, false, 0, many.length),
      expected(manyCut, undefined, false),
    );
    table.endsAtNul = false;
    assertEquals(sorted(many, undefined, false, 0, many.length), expected(many, undefined, false));
  }
});

Deno.test("sorting: beginnings that are ever longer nest nothing, and long texts have room", () => {
  // Each is the beginning of the next: as many steps into them as there are texts.
  const nested = Array.from({ length: 3000 }, (_, i) => "abcdef".repeat(i % 50 + 1) + i % 7);
  assertEquals(sorted(nested, undefined, false, 0, 3000), expected(nested, undefined, false));
  const stairs = Array.from({ length: 4000 }, (_, i) => "a".repeat(6 * (i >> 4)) + (i % 16 === 0));
  assertEquals(sorted(stairs, undefined, true, 0, 4000), expected(stairs, undefined, true));
  const long = Array.from({ length: 4 }, (_, i) => "y".repeat(1_100_000) + (i * 3) % 4);
  assertEquals(sorted(long, undefined, false, 1, 4), expected(long, undefined, false).slice(1));
});

Deno.test("selecting a rank: what a sort has there, or it gives up on what is made to be slow", () => {
  const random = new SeededRandom(6);
  for (let round = 0; round < 500; round++) {
    const count = 1 + random.below(300);
    const spread = random.pick([1, 4, 1000]);
    const numbers = Float64Array.from({ length: count }, () => random.below(spread));
    const order = numbers.slice().sort();
    const rank = random.below(count);
    const found = selectRank(numbers.slice(), count, rank);
    if (!Number.isNaN(found)) assertEquals(found, order[rank]);
  }
  // An adversary for a median of three (M. D. McIlroy): every pivot is among the smallest left.
  const count = 4096;
  const numbers = new Float64Array(count);
  for (let i = 0; i < count / 2; i++) {
    numbers[i] = i % 2 === 0 ? i + 1 : count / 2 + i + (i % 4 === 1 ? 0 : 1);
    numbers[count / 2 + i] = 2 * (i + 1);
  }
  const found = selectRank(numbers.slice(), count, count - 1);
  if (!Number.isNaN(found)) assertEquals(found, numbers.slice().sort()[count - 1]);
  const texts = Array.from(numbers, String);
  const weights = [...numbers];
  assertEquals(
    sorted(texts, weights, false, count - 3, count),
    expected(texts, weights, false).slice(-3),
  );
});
