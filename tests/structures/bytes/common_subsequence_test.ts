// The longest common subsequence against the table of the textbook, cell by cell, of strings whose
// rows end within words, at their ends and behind them.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { CommonSubsequence } from "../../../structures/bytes/common_subsequence.ts";

const common = new CommonSubsequence();

/** Length, bytes and runs as Redis finds them, back through the whole table. */
function expected(a: Uint8Array, b: Uint8Array) {
  const table = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i][j] = a[i - 1] === b[j - 1]
        ? table[i - 1][j - 1] + 1
        : Math.max(table[i - 1][j], table[i][j - 1]);
    }
  }
  const bytes: number[] = [];
  const runs: number[][] = [];
  let isRun = false;
  let [i, j] = [a.length, b.length];
  while (i > 0 && j > 0) {
    if (a[i - 1] !== b[j - 1]) {
      isRun = false;
      if (table[i - 1][j] > table[i][j - 1]) i--;
      else j--;
      continue;
    }
    i--;
    j--;
    bytes.unshift(a[i]);
    if (!isRun) runs.push([i, i, j, j]);
    const run = runs[runs.length - 1];
    run[0] = i;
    run[2] = j;
    isRun = true;
  }
  return { length: table[a.length][b.length], bytes, runs };
}

/** As {@linkcode expected}, of strings that begin somewhere in their arrays. */
function found(a: Uint8Array, b: Uint8Array) {
  const [first, second] = [a, b].map((own) => {
    const bytes = new Uint8Array(own.length + 8).fill(97);
    bytes.set(own, 3);
    return { bytes, start: 3, length: own.length };
  });
  const runs: number[][] = [];
  common.find(first, second, true);
  const { length } = common;
  const bytes = [...common.trace((...run) => runs.push(run)).subarray(0, length)];
  assertEquals([...common.trace().subarray(0, length)], bytes);
  common.find(first, second, false);
  assertEquals(common.length, length);
  common.forget();
  return { length, bytes, runs };
}

/** Strings over few letters have much in common; many lengths are around those of words. */
const text = fc.tuple(
  fc.integer({ min: 1, max: 6 }),
  fc.oneof(fc.integer({ min: 0, max: 140 }), fc.constantFrom(31, 32, 33, 63, 64, 65, 96)),
).chain(([letters, length]) =>
  fc.uint8Array({ minLength: length, maxLength: length, max: letters - 1 })
);

Deno.test("the longest common subsequence is that of the table, with its runs", () => {
  fc.assert(fc.property(text, text, (a, b) => assertEquals(found(a, b), expected(a, b))), {
    numRuns: 600,
  });
});

Deno.test("the longest common subsequence of strings alike, unlike, and empty", () => {
  const bytes = (length: number, value: (i: number) => number) =>
    Uint8Array.from({ length }, (_, i) => value(i));
  const every = bytes(300, (i) => i & 0xff);
  const cases = [
    [bytes(0, () => 0), every],
    [every, bytes(0, () => 0)],
    [every, every],
    [every, every.toReversed()],
    [bytes(200, () => 1), bytes(70, () => 2)],
    [bytes(200, () => 1), bytes(70, () => 1)],
    [bytes(1, () => 9), bytes(1, () => 9)],
    [bytes(64, (i) => i % 2), bytes(128, (i) => i % 3)],
    // More than there is always room for: rows, and masks.
    [bytes(1500, (i) => i * i % 7), bytes(1200, (i) => i % 5)],
    [bytes(256, (i) => i), bytes(3000, (i) => i * 7 & 0xff)],
    [bytes(3, (i) => i), bytes(3000, (i) => i % 11)],
  ];
  for (const [a, b] of cases) assertEquals(found(a, b), expected(a, b));
});
