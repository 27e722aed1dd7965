/**
 * Sets of bytes, as `%a`, `.` and `[^a-z%d]` name them: a table of 256 entries, 1 for each member, so that
 * a matcher asks one element whatever the set is.
 */

export type ByteSet = Uint8Array;

const BYTES = 256;
const PERCENT = 0x25;
const CARET = 0x5e;
const DASH = 0x2d;

/** The members of `%x` for each letter, as C's `isalpha` and the like have them for ASCII. */
const CLASSES: Readonly<Record<string, (byte: number) => boolean>> = {
  a: isLetter,
  c: (byte) => byte < 32 || byte === 127,
  d: isDigit,
  l: (byte) => byte >= 0x61 && byte <= 0x7a,
  p: (byte) => byte > 32 && byte < 127 && !isLetter(byte) && !isDigit(byte),
  s: (byte) => byte === 32 || (byte >= 9 && byte <= 13),
  u: (byte) => byte >= 0x41 && byte <= 0x5a,
  w: (byte) => isLetter(byte) || isDigit(byte),
  x: (byte) => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66),
  z: (byte) => byte === 0,
};

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a && byte < 128;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const classes = new Map<number, ByteSet>();
for (const [letter, has] of Object.entries(CLASSES)) {
  classes.set(letter.charCodeAt(0), setOf(has));
  classes.set(letter.toUpperCase().charCodeAt(0), setOf((byte) => !has(byte)));
}

function setOf(has: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: BYTES }, (_, byte) => has(byte) ? 1 : 0);
}

/** All bytes: what a point matches. */
export const ALL: ByteSet = setOf(() => true);

/** The set that `%` and a letter names; undefined where it is no class, and the byte stands for itself. */
export function classSet(letter: number): ByteSet | undefined {
  return classes.get(letter);
}

/** The set that a pattern names in brackets, from its `[` to its `]`. O(length). */
export function bracketSet(pattern: string, open: number, close: number): ByteSet {
  const set = new Uint8Array(BYTES);
  let at = open + 1;
  const isComplement = pattern.charCodeAt(at) === CARET;
  if (isComplement) at++;
  for (; at < close; at++) {
    const byte = pattern.charCodeAt(at);
    if (byte === PERCENT) {
      const letter = pattern.charCodeAt(++at);
      const named = classSet(letter);
      if (named === undefined) set[letter] = 1;
      else for (let i = 0; i < BYTES; i++) set[i] |= named[i];
    } else if (pattern.charCodeAt(at + 1) === DASH && at + 2 < close) {
      const last = pattern.charCodeAt(at + 2);
      for (let i = byte; i <= last; i++) set[i] = 1;
      at += 2;
    } else set[byte] = 1;
  }
  if (isComplement) { for (let i = 0; i < BYTES; i++) set[i] ^= 1; }
  return set;
}

/** Whether no byte is in both. */
export function areDisjoint(a: ByteSet, b: ByteSet): boolean {
  for (let i = 0; i < BYTES; i++) if ((a[i] & b[i]) !== 0) return false;
  return true;
}

export function setOfByte(byte: number): ByteSet {
  const set = new Uint8Array(BYTES);
  set[byte] = 1;
  return set;
}
