/**
 * When a server's resident memory counts. After a burst of commands a server still frees, collects
 * and gives back for a while, so a reading counts once the next one says the same:
 *
 * ```
 * ──┐                    readings 1 s apart
 *   └──┐                 × × ─ the first two that differ by at most 1 %
 *      └───────────×─×
 * ```
 */

/** Readings that differ by no more than this part are the same. */
const TOLERANCE = 0.01;
const BETWEEN_READINGS_MS = 1000;
/** After so many the last one counts, settled or not. */
const MAX_READINGS = 20;

/**
 * Reads until two readings in a row are the same, and resolves to the last. NaN readings, of a
 * system that does not tell, end it at once.
 *
 * @param pause the wait before each reading
 */
export async function settled(read: () => number, pause = second): Promise<number> {
  await pause();
  let last = read();
  for (let readings = 1; readings < MAX_READINGS; readings++) {
    await pause();
    const before = last;
    last = read();
    if (!(Math.abs(last - before) > TOLERANCE * before)) break;
  }
  return last;
}

function second(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, BETWEEN_READINGS_MS));
}
