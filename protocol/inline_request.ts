/**
 * Words of a command line, as inline requests and native command lines send it.
 *
 * Words are separated by white space. A stretch in double quotes may hold spaces and the escapes
 * \n \r \t \b \a and \xHH, with any other escaped character standing for itself; a stretch in
 * single quotes knows only \'. A closing quote ends the word.
 *
 * Unescaped text is never longer than its source, so it is written back over it: the words stay
 * (offset, length) pairs into the one input buffer that every argument refers to.
 *
 * ```
 * before   S E T   k   " a \ x 2 0 b "
 * after    S E T   k   a ␠ b 2 0 b "        word 2 is 3 bytes from where the quote was
 *                      └───┘
 * ```
 */

import type { RequestBatch } from "./arguments.ts";

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

/** What splitWords() answers instead of an index. */
export const UNBALANCED_QUOTES = -1;
const TOO_MANY_WORDS = -2;

/** White space that may stand between words: as C's isspace() has it. */
function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}

/** White space that ends a word begun without a quote. Vertical tabs and form feeds are part of it. */
function endsWord(byte: number): boolean {
  return byte === SPACE || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/**
 * Splits `bytes` from `start` to `end` into words and stores them in the batch from argument index
 * `index` on. Returns the index behind the last word, UNBALANCED_QUOTES, or TOO_MANY_WORDS for more
 * than `maxWords`. The bytes of quoted words are unescaped in place. O(end - start).
 */
export function splitWords(
  batch: RequestBatch,
  index: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  maxWords: number,
): number {
  const lastIndex = index + maxWords;
  let at = start;
  for (;;) {
    while (at < end && isSpace(bytes[at])) at++;
    if (at === end) return index;
    if (index === lastIndex) return TOO_MANY_WORDS;
    if (index === batch.offsets.length) batch.reserve(index + 1);
    const wordStart = at;
    while (at < end && isPlain(bytes[at])) at++;
    let wordEnd = at;
    // What is left of the word, if anything, needs unescaping.
    let closed = false;
    while (!closed && at < end && !endsWord(bytes[at])) {
      const byte = bytes[at++];
      if (byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) {
        bytes[wordEnd++] = byte;
        continue;
      }
      for (;;) {
        if (at === end) return UNBALANCED_QUOTES;
        let inner = bytes[at++];
        if (inner === byte) break;
        if (inner === BACKSLASH && at < end) {
          if (byte === SINGLE_QUOTE) {
            if (bytes[at] === SINGLE_QUOTE) inner = bytes[at++];
          } else {
            const code = at + 2 < end && bytes[at] === 0x78
              ? hexValue(bytes[at + 1]) * 16 + hexValue(bytes[at + 2])
              : -1;
            if (code >= 0) {
              inner = code;
              at += 3;
            } else {
              inner = escaped(bytes[at++]);
            }
          }
        }
        bytes[wordEnd++] = inner;
      }
      if (at < end && !isSpace(bytes[at])) return UNBALANCED_QUOTES;
      closed = true;
    }
    batch.offsets[index] = wordStart;
    batch.lengths[index] = wordEnd - wordStart;
    index++;
  }
}

/** Whether a byte outside quotes belongs to a word and stands for itself. */
function isPlain(byte: number): boolean {
  return byte > SPACE ? byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE : !endsWord(byte);
}

/** The byte that an escape letter stands for in double quotes. */
function escaped(letter: number): number {
  switch (letter) {
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    case 0x62:
      return 0x08;
    case 0x61:
      return 0x07;
    default:
      return letter;
  }
}

/** The value of a hexadecimal digit; for any other byte so far below zero that a sum stays there. */
function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1000;
}
