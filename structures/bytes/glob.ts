/**
 * Glob patterns over bytes, as KEYS and SCAN take them:
 *
 * ```
 * *        any bytes, also none          [abc]   one of these bytes
 * ?        any one byte                  [a-z]   one byte of the range, in either order
 * \x       the byte x itself             [^a]    one byte that is not among these
 * ```
 *
 * A class without its closing bracket reaches to the end of the pattern, and `[]` matches nothing.
 * An empty text matches the empty pattern only, not even `*`: so it is on Redis.
 *
 * Patterns come from clients, so a match must not take exponential time. Of all the stars met so
 * far only the last has to be tried again on a mismatch: whatever an earlier one could take in
 * addition, the last can take as well. So a pattern and a place to return to are all the state.
 */

const STAR = 0x2a;
const QUESTION_MARK = 0x3f;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const CARET = 0x5e;
const DASH = 0x2d;

/** Whether the text in `bytes` matches the whole pattern. O(pattern × text), no allocation. */
export function matchesGlob(
  pattern: Uint8Array,
  patternStart: number,
  patternLength: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  if (length === 0) return patternLength === 0;
  const patternEnd = patternStart + patternLength;
  const end = start + length;
  let at = patternStart;
  let i = start;
  let afterStar = -1;
  let starTakesUpTo = start;
  while (i < end) {
    if (at < patternEnd && pattern[at] === STAR) {
      afterStar = ++at;
      if (afterStar === patternEnd) return true;
      starTakesUpTo = i;
      continue;
    }
    const next = at < patternEnd ? matchOne(pattern, at, patternEnd, bytes[i]) : -1;
    if (next !== -1) {
      at = next;
      i++;
    } else if (afterStar !== -1) {
      at = afterStar;
      i = ++starTakesUpTo;
    } else {
      return false;
    }
  }
  while (at < patternEnd && pattern[at] === STAR) at++;
  return at === patternEnd;
}

/** The index behind the pattern's element at `at` where that matches the byte, else -1. */
function matchOne(pattern: Uint8Array, at: number, end: number, byte: number): number {
  const element = pattern[at];
  if (element === QUESTION_MARK) return at + 1;
  if (element === OPEN) return matchClass(pattern, at + 1, end, byte);
  const literal = element === BACKSLASH && at + 1 < end ? at + 1 : at;
  return pattern[literal] === byte ? literal + 1 : -1;
}

/** As matchOne, of the class whose bracket stands before `at`. */
function matchClass(pattern: Uint8Array, at: number, end: number, byte: number): number {
  const negated = at < end && pattern[at] === CARET;
  if (negated) at++;
  let found = false;
  for (; at < end && pattern[at] !== CLOSE; at++) {
    const first = pattern[at];
    if (first === BACKSLASH && at + 1 < end) {
      at++;
      if (pattern[at] === byte) found = true;
    } else if (at + 2 < end && pattern[at + 1] === DASH) {
      at += 2;
      const last = pattern[at];
      if (first <= last ? byte >= first && byte <= last : byte >= last && byte <= first) {
        found = true;
      }
    } else if (first === byte) {
      found = true;
    }
  }
  if (found === negated) return -1;
  return at < end ? at + 1 : end;
}
