/**
 * The one range of keys, first to last by a step, that COMMAND has told of every command since before
 * there were key specifications; clients that know no better route by it. And where the server's
 * look-ahead looks for keys, for which a guess is enough.
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

/**
 * Where a call's keys are most likely to be: {@linkcode keyRangeOf}, or behind the number of them
 * that the first specification finds, as if all arguments there were keys. A guess, for whoever loads
 * ahead; who needs to know reads the call.
 */
export function likelyKeysOf(specs: readonly KeySpec[]): KeyRange {
  const range = keyRangeOf(specs);
  if (range.first !== 0 || specs.length === 0) return range;
  const { begin, find } = specs[0];
  if (begin.type !== "index" || find.type !== "keynum") return range;
  return { first: begin.index + find.firstKey, last: -1, step: find.step };
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
