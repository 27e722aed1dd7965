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
 * Ranges are of signed bytes: `[a-\xff]` holds what lies between -1 and 97. An empty text matches
 * the empty pattern only, not even `*`. All of this is so on Redis.
 *
 * Patterns come from clients and meet a million keys, so they are compiled: stars cut them into
 * segments of elements that take one byte each.
 *
 * ```
 * pattern    k e y : * [0-9] ? * \* z
 * elements   k e y :   class ?   *  z        one number each
 * segments   └──0──┘   └──1──┘   └─2─┘
 * ```
 *
 * The first segment stands at the text's beginning, and the last at its end. Each of the others is
 * looked for behind the one before, and the first place serves as well as a later one: whatever its
 * star could take in addition, the next star can take as well. glob_search.ts tells how they are
 * found in time that no pattern makes quadratic.
 *
 * Compiling takes memory for each element, and waits for a text that has as many bytes. A class is
 * looked through where it stands if it is short, and made a bitmap if it is long, so that compiled
 * patterns have a few times the bytes of their source.
 */

import { findSegment, type Segments } from "./glob_search.ts";
import * as globSearch from "./glob_search.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { ANY } = globSearch;

const STAR = 0x2a;
const QUESTION_MARK = 0x3f;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const CARET = 0x5e;
const DASH = 0x2d;

/** Classes up to this many bytes are looked through for each byte of a text. */
const SHORT_CLASS_BYTES = 16;
/** Elements from here on are the bitmaps of long classes; below 0, -1 - offset of a short one. */
const FIRST_BITMAP = 512;
const BITMAP_WORDS = 8;

/** Ranges are of these values; see GlobPattern.#rangeValue. */
const LEAST_RANGE_VALUE = -128;
const RANGE_VALUES = 256 + 128;

const NO_BYTES = new Uint8Array(0);
const NO_ELEMENTS = new Int32Array(0);

/** A pattern to match any number of texts with. It reads its source bytes whenever it is asked. */
export class GlobPattern implements Segments {
  /** A byte (in lower case where case is ignored), ANY, or a class. */
  elements: Int32Array = NO_ELEMENTS;
  readonly ignoresCase: boolean;
  readonly #source: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  /** How many elements there are, which is how many bytes a text needs at least. */
  #minLength = 0;
  #segmentCount = 1;
  #bitmapCount = 0;
  /** Where each segment begins among the elements, and behind the last, where it ends. */
  #bounds: Int32Array = NO_ELEMENTS;
  #bitmaps: Int32Array = NO_ELEMENTS;

  /**
   * The pattern in `source[start, start + length)`. With `ignoresCase`, capital letters of ASCII
   * count as small ones, but for those behind a backslash in a class. O(length).
   */
  constructor(
    source: Uint8Array = NO_BYTES,
    start = 0,
    length: number = source.length,
    ignoresCase = false,
  ) {
    this.#source = source;
    this.#start = start;
    this.#end = start + length;
    this.ignoresCase = ignoresCase;
    this.#count();
  }

  /**
   * Whether the text in `bytes[start, start + length)` matches the whole pattern.
   *
   * O(pattern + text), and O(pattern × text / 32) where a segment between stars has more than
   * {@linkcode globSearch.SHORT_SEGMENT} elements, some of them `?` or classes, and the text nearly
   * matches it nearly everywhere. Allocates at the first text that is as long as the pattern.
   */
  matches(bytes: Uint8Array, start: number, length: number): boolean {
    if (length === 0) return this.#start === this.#end;
    if (length < this.#minLength) return false;
    if (this.#bounds === NO_ELEMENTS) this.#compile();
    const bounds = this.#bounds;
    const last = bounds.length - 2;
    if (last === 0 && length !== this.#minLength) return false;
    if (!this.#matchesAt(0, bounds[1], bytes, start)) return false;
    if (last === 0) return true;
    const end = start + length - (bounds[last + 1] - bounds[last]);
    if (!this.#matchesAt(bounds[last], bounds[last + 1], bytes, end)) return false;
    let at = start + bounds[1];
    for (let i = 1; i < last; i++) {
      at = findSegment(this, bounds[i], bounds[i + 1], bytes, at, end);
      if (at < 0) return false;
      at += bounds[i + 1] - bounds[i];
    }
    return true;
  }

  #matchesAt(from: number, to: number, bytes: Uint8Array, start: number): boolean {
    const { elements } = this;
    for (let i = from, at = start; i < to; i++, at++) {
      if (elements[i] !== bytes[at] && !this.accepts(elements[i], bytes[at])) return false;
    }
    return true;
  }

  /** Whether the element takes the byte. O(1). */
  accepts(element: number, byte: number): boolean {
    if (element < 0) return this.#classHas(this.#start - 1 - element, byte);
    if (element < ANY) return element === (this.ignoresCase ? lowerCase(byte) : byte);
    if (element === ANY) return true;
    const word = (element - FIRST_BITMAP) * BITMAP_WORDS + (byte >> 5);
    return (this.#bitmaps[word] >>> (byte & 31) & 1) === 1;
  }

  #count(): void {
    let afterStar = false;
    for (let at = this.#start; at < this.#end;) {
      const next = this.#elementEnd(at);
      const isStar = this.#source[at] === STAR;
      if (!isStar) this.#minLength++;
      // Stars in a row are one.
      else if (!afterStar) this.#segmentCount++;
      if (next - at > SHORT_CLASS_BYTES) this.#bitmapCount++;
      afterStar = isStar;
      at = next;
    }
  }

  /** The offset behind the element, or star, at `at`. */
  #elementEnd(at: number): number {
    if (this.#source[at] === OPEN) return this.#classEnd(at + 1);
    return this.#source[at] === BACKSLASH && at + 1 < this.#end ? at + 2 : at + 1;
  }

  /** The offset behind the class whose bracket stands before `at`. */
  #classEnd(at: number): number {
    const source = this.#source;
    const end = this.#end;
    if (at < end && source[at] === CARET) at++;
    while (at < end && source[at] !== CLOSE) at += this.#itemLength(at);
    return at < end ? at + 1 : end;
  }

  /** Bytes of what stands in a class at `at`: an escaped byte, a range, or a byte. */
  #itemLength(at: number): number {
    if (this.#source[at] === BACKSLASH && at + 1 < this.#end) return 2;
    return at + 2 < this.#end && this.#source[at + 1] === DASH ? 3 : 1;
  }

  #compile(): void {
    const source = this.#source;
    this.elements = new Int32Array(this.#minLength);
    this.#bounds = new Int32Array(this.#segmentCount + 1);
    this.#bitmaps = new Int32Array(this.#bitmapCount * BITMAP_WORDS);
    let count = 0;
    let segments = 1;
    let bitmaps = 0;
    let afterStar = false;
    for (let at = this.#start; at < this.#end;) {
      const next = this.#elementEnd(at);
      const byte = source[at];
      if (byte === STAR) {
        if (!afterStar) this.#bounds[segments++] = count;
      } else if (byte === QUESTION_MARK) {
        this.elements[count++] = ANY;
      } else if (byte !== OPEN) {
        const literal = source[next - 1];
        this.elements[count++] = this.ignoresCase ? lowerCase(literal) : literal;
      } else if (next - at <= SHORT_CLASS_BYTES) {
        this.elements[count++] = this.#start - 1 - (at + 1);
      } else {
        this.elements[count++] = FIRST_BITMAP + bitmaps;
        this.#writeBitmap(at + 1, bitmaps++ * BITMAP_WORDS);
      }
      afterStar = byte === STAR;
      at = next;
    }
    this.#bounds[segments] = count;
  }

  /** Whether the class whose bracket stands before `at` has the byte. O(class). */
  #classHas(at: number, byte: number): boolean {
    const source = this.#source;
    const end = this.#end;
    const negated = at < end && source[at] === CARET;
    if (negated) at++;
    const folded = this.ignoresCase ? lowerCase(byte) : byte;
    while (at < end && source[at] !== CLOSE) {
      const length = this.#itemLength(at);
      const first = source[at];
      if (length === 2) {
        if (source[at + 1] === byte) return !negated;
      } else if (length === 3) {
        const value = this.#rangeValue(signed(byte));
        if (value >= this.#rangeStart(at) && value <= this.#rangeEnd(at)) return !negated;
      } else if ((this.ignoresCase ? lowerCase(first) : first) === folded) {
        return !negated;
      }
      at += length;
    }
    return negated;
  }

  /** The smallest value in the range at `at`. */
  #rangeStart(at: number): number {
    return this.#rangeValue(Math.min(signed(this.#source[at]), signed(this.#source[at + 2])));
  }

  /** The largest. Where case is ignored, it may be below the smallest: of `Z-a`, for one. */
  #rangeEnd(at: number): number {
    return this.#rangeValue(Math.max(signed(this.#source[at]), signed(this.#source[at + 2])));
  }

  /**
   * What ranges take a signed byte for. Where case is ignored they ask the C library for the small
   * letter of bytes that it knows as unsigned, or as the end of a file, which is -1.
   */
  #rangeValue(value: number): number {
    if (!this.ignoresCase) return value;
    return value < -1 ? value + 256 : lowerCase(value);
  }

  /** Writes the class whose bracket stands before `at` to the bitmap at `target`. O(class). */
  #writeBitmap(at: number, target: number): void {
    const source = this.#source;
    const end = this.#end;
    const negated = at < end && source[at] === CARET;
    if (negated) at++;
    const exact = new Uint8Array(256);
    const single = new Uint8Array(256);
    // How many ranges begin at a value, less those that ended at the one before.
    const begin = new Int32Array(RANGE_VALUES + 1);
    while (at < end && source[at] !== CLOSE) {
      const length = this.#itemLength(at);
      if (length === 2) {
        exact[source[at + 1]] = 1;
      } else if (length === 1) {
        single[this.ignoresCase ? lowerCase(source[at]) : source[at]] = 1;
      } else if (this.#rangeStart(at) <= this.#rangeEnd(at)) {
        begin[this.#rangeStart(at) - LEAST_RANGE_VALUE]++;
        begin[this.#rangeEnd(at) + 1 - LEAST_RANGE_VALUE]--;
      }
      at += length;
    }
    for (let i = 1; i < RANGE_VALUES; i++) begin[i] += begin[i - 1];
    for (let word = 0; word < BITMAP_WORDS; word++) {
      let bits = 0;
      for (let bit = 0; bit < 32; bit++) {
        const byte = word * 32 + bit;
        const found = exact[byte] === 1 ||
          single[this.ignoresCase ? lowerCase(byte) : byte] === 1 ||
          begin[this.#rangeValue(signed(byte)) - LEAST_RANGE_VALUE] > 0;
        if (found !== negated) bits |= 1 << bit;
      }
      this.#bitmaps[target + word] = bits;
    }
  }
}

/** A capital letter of ASCII as a small one; anything else as it is. */
function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

function signed(byte: number): number {
  return byte << 24 >> 24;
}

/** As {@linkcode GlobPattern.matches}, for a pattern that one text is compared with. */
export function matchesGlob(
  pattern: Uint8Array,
  patternStart: number,
  patternLength: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  return new GlobPattern(pattern, patternStart, patternLength).matches(bytes, start, length);
}
