/**
 * The one range of keys, first to last by a step, that COMMAND has told of every command since before
 * there were key specifications; clients that know no better route by it. The server's look-ahead
 * uses it as well, for it is a guess that costs nothing to check.
 */

import { keyFlagBits, type KeySpec } from "../server/execution/key_spec.ts";

/** From `first` to `last`, which counts from the end where negative; all 0 for no keys. */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

const NO_KEYS: KeyRange = { first: 0, last: 0, step: 0 };
const INCOMPLETE = keyFlagBits(["incomplete"]);

/**
 * The range over all specifications that begin at an index, as far as they follow each other without
 * a gap; others are left out.
 */
export function keyRangeOf(specs: readonly KeySpec[]): KeyRange {
  const ranges = specs.map(rangeOf);
  if (ranges.length === 1) return ranges[0] ?? NO_KEYS;
  let joined = NO_KEYS;
  for (const range of ranges) {
    if (range !== undefined && follows(range, joined)) joined = join(joined, range);
  }
  return joined;
}

/** Whether some keys stand outside of {@linkcode keyRangeOf}, or may. */
export function hasMovableKeys(specs: readonly KeySpec[]): boolean {
  if (specs.some(({ flags }) => (flags & INCOMPLETE) !== 0)) return true;
  const ranges = specs.map(rangeOf);
  if (ranges.length === 1) return ranges[0] === undefined;
  let joined = NO_KEYS;
  return ranges.some((range) => {
    if (range === undefined || !follows(range, joined)) return true;
    joined = join(joined, range);
    return false;
  });
}

/** The range of a specification that is one, its last index counted from the command's name. */
function rangeOf({ begin, find }: KeySpec): KeyRange | undefined {
  if (begin.type !== "index" || find.type !== "range") return undefined;
  const { lastKey, step } = find;
  return { first: begin.index, last: lastKey < 0 ? lastKey : begin.index + lastKey, step };
}

function follows({ first, step }: KeyRange, joined: KeyRange): boolean {
  return step === 1 && (joined.last === 0 || first === joined.last + 1);
}

function join(joined: KeyRange, { first, last }: KeyRange): KeyRange {
  return { first: joined.first === 0 ? first : joined.first, last, step: 1 };
}
