// A sequence that fails, made as short as it can be made while it fails in the same way.

import type { Sequence, Words } from "./sequence.ts";

/** Most runs that shrinking takes. */
const MAX_RUNS = 400;

/**
 * @param fails whether a sequence fails in the way that matters
 */
export async function shrunk(
  sequence: Sequence,
  fails: (candidate: Sequence) => Promise<boolean>,
): Promise<Sequence> {
  let best = sequence;
  let runs = 0;
  const isBetter = async (candidate: Sequence): Promise<boolean> => {
    if (runs++ >= MAX_RUNS || !await fails(candidate)) return false;
    best = candidate;
    return true;
  };
  if (Object.keys(best.settings).length > 0) await isBetter({ ...best, settings: {} });
  // Fewer calls: first many at once, then single ones.
  for (let size = best.calls.length >> 1; size >= 1; size >>= 1) {
    for (let at = best.calls.length - size; at >= 0; at -= size) {
      await isBetter({ ...best, calls: best.calls.toSpliced(at, size) });
    }
  }
  // Fewer and shorter words.
  for (let i = best.calls.length - 1; i >= 0; i--) {
    for (const size of [2, 1]) {
      for (let word = best.calls[i].length - size; word > 0; word--) {
        await isBetter(withCall(best, i, best.calls[i].toSpliced(word, size)));
      }
    }
    for (let word = best.calls[i].length - 1; word > 0; word--) {
      for (const plain of ["1", "a"]) {
        if (best.calls[i][word].length <= 1) continue;
        await isBetter(withCall(best, i, best.calls[i].with(word, plain)));
      }
    }
  }
  return best;
}

function withCall(sequence: Sequence, i: number, call: Words): Sequence {
  return { ...sequence, calls: sequence.calls.with(i, call) };
}
