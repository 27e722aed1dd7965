/**
 * LZF, the compression of Marc Lehmann's liblzf, in the format that Redis keeps strings of RDB files
 * and the inner listpacks of lists in. It finds what has come before within the last 8 KiB, and is
 * made to be fast rather than thorough.
 *
 * Compressed bytes are a row of runs and references:
 *
 * ```
 *   000LLLLL  L + 1 bytes                the 1 … 32 bytes that follow, as they are
 *   LLLooooo  oooooooo                   L + 2 bytes, 3 … 8, from o + 1 bytes before here
 *   111ooooo  LLLLLLLL  oooooooo         L + 9 bytes, 9 … 264, from there
 * ```
 *
 * A reference may reach into what it is making: `from 1 byte before` repeats the last byte.
 *
 * The compressor looks up each three bytes in a table of where such last were, by the hash that
 * Redis's copy of liblzf uses with its table of 65,536 places, enters the same positions, and gives
 * up under the same conditions. So it makes the bytes that Redis makes, and a value that Redis would
 * leave as it is stays so.
 */

const PLACE_BITS = 16;
const PLACES = 1 << PLACE_BITS;
const PLACE_MASK = PLACES - 1;
const MAX_LITERALS = 32;
const MAX_DISTANCE = 8192;
const MAX_MATCH = 264;
/** The length that has a byte of its own when stored as this. */
const LONG_MATCH = 7;
/** What a literal run or a reference may take, with the head of the run behind it, and one to spare. */
const REFERENCE_ROOM = 4;

/**
 * Where three bytes of a hash last were, as `epoch + position`. What is below the epoch is of earlier
 * calls: so no call clears the table.
 */
const lastPlaces = new Int32Array(PLACES);
/** The first call's is 1, so that a place never written counts as earlier. */
let epoch = 1;
const MAX_EPOCH = 2 ** 31 - 1;

/** Copies of more bytes than this are left to the runtime. */
const LOOP_MAX_BYTES = 32;

/**
 * Compresses `source[start, start + length)`, at most 2^30 bytes, into `target[at, at + maxBytes)`,
 * which overlaps it nowhere. Within those bounds the target's contents are open afterwards. O(length).
 *
 * @returns the compressed bytes, 0 where they would be more than about `maxBytes`
 */
export function compressLzf(
  source: Uint8Array,
  start: number,
  length: number,
  target: Uint8Array,
  at: number,
  maxBytes: number,
): number {
  if (length === 0 || maxBytes === 0) return 0;
  const end = start + length;
  /** From here on there are no three bytes to look up. */
  const tail = end - 2;
  const limit = at + maxBytes;
  const base = beginEpoch(length) - start;
  let from = start;
  /** The run that is being written, whose head is at `to - literals - 1`. */
  let literals = 0;
  let to = at + 1;
  while (from < tail) {
    const place = placeOf(source, from);
    const match = lastPlaces[place] - base;
    lastPlaces[place] = base + from;
    const distance = from - match - 1;
    // A match at the very start does not count: there liblzf has the value for no match.
    if (
      match <= start || distance >= MAX_DISTANCE || source[match] !== source[from] ||
      source[match + 1] !== source[from + 1] || source[match + 2] !== source[from + 2]
    ) {
      if (to >= limit) return 0;
      target[to++] = source[from++];
      if (++literals === MAX_LITERALS) {
        target[to - MAX_LITERALS - 1] = MAX_LITERALS - 1;
        literals = 0;
        to++;
      }
      continue;
    }
    // A run without literals is taken back.
    if (literals > 0) target[to - literals - 1] = literals - 1;
    else to--;
    if (to + REFERENCE_ROOM >= limit) return 0;
    const matched = matchLength(source, match, from, end);
    const stored = matched - 2;
    if (stored < LONG_MATCH) {
      target[to++] = (distance >> 8) + (stored << 5);
    } else {
      target[to++] = (distance >> 8) + (LONG_MATCH << 5);
      target[to++] = stored - LONG_MATCH;
    }
    target[to++] = distance;
    literals = 0;
    to++;
    from += matched;
    if (from >= tail) break;
    // Of what was matched only the last two positions are entered.
    lastPlaces[placeOf(source, from - 2)] = base + from - 2;
    lastPlaces[placeOf(source, from - 1)] = base + from - 1;
  }
  if (to + 3 > limit) return 0;
  while (from < end) {
    target[to++] = source[from++];
    if (++literals === MAX_LITERALS) {
      target[to - MAX_LITERALS - 1] = MAX_LITERALS - 1;
      literals = 0;
      to++;
    }
  }
  if (literals > 0) target[to - literals - 1] = literals - 1;
  else to--;
  return to - at;
}

/** Number that positions of this call begin from in the table. O(1), amortized. */
function beginEpoch(length: number): number {
  if (epoch + length > MAX_EPOCH) {
    lastPlaces.fill(0);
    epoch = 1;
  }
  const begun = epoch;
  epoch += length;
  return begun;
}

/** The place in the table of the three bytes from `index` on. */
function placeOf(bytes: Uint8Array, index: number): number {
  const three = bytes[index] << 16 | bytes[index + 1] << 8 | bytes[index + 2];
  return ((three >> 24 - PLACE_BITS) - three * 5) & PLACE_MASK;
}

/**
 * How many bytes at `match` are as those at `from`, of which the first three are known to be. As in
 * liblzf a match leaves the last two bytes of the source alone, unless it is of three bytes, or up to
 * 19 of the last 21.
 */
function matchLength(bytes: Uint8Array, match: number, from: number, end: number): number {
  const left = end - from - 2;
  const most = left > 16 ? Math.min(Math.max(left, 19), MAX_MATCH) : Math.max(left, 3);
  let length = 3;
  while (length < most && bytes[match + length] === bytes[from + length]) length++;
  return length;
}

/**
 * Writes what `source[start, start + length)` was compressed from into `target[at, at + expected)`,
 * which overlaps it nowhere. The source may be anything: nothing outside of those bounds is read or
 * written. O(length + expected).
 *
 * @returns whether the source is well formed and makes just as many bytes as expected; if not, the
 * target's contents within the bounds are open
 */
export function decompressLzf(
  source: Uint8Array,
  start: number,
  length: number,
  target: Uint8Array,
  at: number,
  expected: number,
): boolean {
  const end = start + length;
  const limit = at + expected;
  let from = start;
  let to = at;
  while (from < end) {
    const head = source[from++];
    if (head < MAX_LITERALS) {
      const literals = head + 1;
      if (from + literals > end || to + literals > limit) return false;
      for (let i = 0; i < literals; i++) target[to + i] = source[from + i];
      from += literals;
      to += literals;
      continue;
    }
    let stored = head >> 5;
    if (from + (stored === LONG_MATCH ? 1 : 0) >= end) return false;
    if (stored === LONG_MATCH) stored += source[from++];
    const matched = stored + 2;
    const match = to - ((head & 0x1f) << 8 | source[from++]) - 1;
    if (match < at || to + matched > limit) return false;
    if (matched > LOOP_MAX_BYTES && match + matched <= to) {
      target.copyWithin(to, match, match + matched);
    } else {
      for (let i = 0; i < matched; i++) target[to + i] = target[match + i];
    }
    to += matched;
  }
  return to === limit;
}
