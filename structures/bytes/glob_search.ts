/**
 * Looks for a segment of a glob pattern in a text.
 *
 * Trying one place after the other is fastest for what people write. It is slow for a long segment
 * that fails late, again and again: 50 KB of `a` and one `b` in 100 KB of `a`. So each place that is
 * passed earns a few comparisons, and a search that overdraws is taken up by one that cannot be led
 * astray:
 *
 * - A segment of plain bytes knows how much of itself may begin inside what was compared (Knuth,
 *   Morris and Pratt), and looks at each byte of the text a constant number of times.
 * - One with `?` and classes does not, since what matches two equal elements need not be equal. It
 *   is cut into pieces of 32 elements, a bit each, and one number tells which beginnings of a piece
 *   end at the byte just read ("shift and"). A bit for each place of the text says whether all
 *   pieces so far were found where they would have to be:
 *
 * ```
 * text        x a b a b c d a b a b c e …        segment  a b a ? c e,  pieces of 3 for once
 * piece 0       1   1       1   1                a b a begins here
 * piece 1             1             1            ? c e begins here, 3 further on
 * both                      1                    the segment is here
 * ```
 */

/** Segments up to this long are tried at every place, whatever that costs. */
const SHORT_SEGMENT = 32;

/** The element that takes any byte. Those below it are bytes, and take themselves. */
export const ANY = 256;

/** Comparisons beyond the first that a place in the text earns. */
const EARNED = 4;
/** Comparisons that a search may make on credit. */
const CREDIT = 1024;

const PIECE = 32;

/** A compiled pattern. */
export interface Segments {
  readonly elements: Int32Array;
  /** Whether bytes below ANY stand for both cases of a letter. */
  readonly ignoresCase: boolean;
  /** Whether the element takes the byte. O(1). */
  accepts(element: number, byte: number): boolean;
}

/**
 * The first offset, from `from` on, at which `bytes` before `end` have what the elements from index
 * `first` to `last` take; -1 if there is none.
 */
export function findSegment(
  pattern: Segments,
  first: number,
  last: number,
  bytes: Uint8Array,
  from: number,
  end: number,
): number {
  const { elements } = pattern;
  const length = last - first;
  const lastStart = end - length;
  const lead = elements[first];
  const isByte = lead >= 0 && lead < ANY && !pattern.ignoresCase;
  let credit = CREDIT;
  for (let start = from; start <= lastStart; start++) {
    if (isByte && bytes[start] !== lead) continue;
    let i = first;
    let at = start;
    while (i < last && (elements[i] === bytes[at] || pattern.accepts(elements[i], bytes[at]))) {
      i++;
      at++;
    }
    if (i === last) return start;
    if (length <= SHORT_SEGMENT) continue;
    credit += EARNED - (i - first);
    if (credit < 0) return findLong(pattern, first, last, bytes, start + 1, end);
  }
  return -1;
}

function findLong(
  pattern: Segments,
  first: number,
  last: number,
  bytes: Uint8Array,
  from: number,
  end: number,
): number {
  if (end - from < last - first) return -1;
  for (let i = first; i < last; i++) {
    const element = pattern.elements[i];
    if (element < 0 || element >= ANY) return findByPieces(pattern, first, last, bytes, from, end);
  }
  return findBytes(pattern, first, last, bytes, from, end);
}

/** As findSegment, of plain bytes. O(text + elements). */
function findBytes(
  pattern: Segments,
  first: number,
  last: number,
  bytes: Uint8Array,
  from: number,
  end: number,
): number {
  const { elements } = pattern;
  const length = last - first;
  // Of each beginning of the segment: how long the longest shorter one is that it ends with.
  const inner = new Int32Array(length + 1);
  inner[0] = -1;
  for (let i = 0, matched = -1; i < length;) {
    while (matched >= 0 && elements[first + i] !== elements[first + matched]) {
      matched = inner[matched];
    }
    inner[++i] = ++matched;
  }
  let matched = 0;
  for (let at = from; at < end; at++) {
    while (matched >= 0 && !pattern.accepts(elements[first + matched], bytes[at])) {
      matched = inner[matched];
    }
    if (++matched === length) return at + 1 - length;
  }
  return -1;
}

/** As findSegment, of any elements. O(text × elements / 32). */
function findByPieces(
  pattern: Segments,
  first: number,
  last: number,
  bytes: Uint8Array,
  from: number,
  end: number,
): number {
  const places = end - from - (last - first) + 1;
  const found = new Int32Array((places + 31) >>> 5).fill(-1);
  if (places % 32 !== 0) found[found.length - 1] = (1 << places % 32) - 1;
  const beginnings = new Int32Array(256);
  for (let i = first; i < last; i += PIECE) {
    const length = Math.min(PIECE, last - i);
    prepare(pattern, i, length, beginnings);
    if (!findPiece(beginnings, length, bytes, from + i - first, found)) return -1;
  }
  for (let word = 0;; word++) {
    if (found[word] !== 0) return from + word * 32 + 31 - Math.clz32(found[word] & -found[word]);
  }
}

/** Sets, for each byte, the bits of those elements of a piece that take it. */
function prepare(pattern: Segments, from: number, length: number, beginnings: Int32Array): void {
  beginnings.fill(0);
  for (let bit = 0; bit < length; bit++) {
    const element = pattern.elements[from + bit];
    for (let byte = 0; byte < 256; byte++) {
      if (pattern.accepts(element, byte)) beginnings[byte] |= 1 << bit;
    }
  }
}

/** Keeps the bits of those places in `found` where the piece is; false if none is left. */
function findPiece(
  beginnings: Int32Array,
  length: number,
  bytes: Uint8Array,
  from: number,
  found: Int32Array,
): boolean {
  let active = 0;
  let at = from;
  for (const whole = from + length - 1; at < whole; at++) {
    active = (active << 1 | 1) & beginnings[bytes[at]];
  }
  let left = 0;
  for (let word = 0; word < found.length; word++) {
    let ends = 0;
    // Behind the last place this may read on, even behind the text: those bits are clear already.
    for (let bit = 0; bit < 32; bit++, at++) {
      active = (active << 1 | 1) & beginnings[bytes[at]];
      ends |= (active >>> (length - 1) & 1) << bit;
    }
    found[word] &= ends;
    left |= found[word];
  }
  return left !== 0;
}
