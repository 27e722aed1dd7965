/** Patterns of keys and of channels that a user may use. */

import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import type { Bytes } from "../../structures/bytes/bytes.ts";
import { GlobPattern } from "../../structures/bytes/glob.ts";

/** What may be done with a key; bits. */
export const KeyAccess = { Read: 1 << 0, Write: 1 << 1 } as const;
export const READ_AND_WRITE = KeyAccess.Read | KeyAccess.Write;

const STAR = 0x2a;
/** Bytes that mean something else than themselves in a pattern. */
const SPECIAL = /[*?[\\]/;

/** A prefix is compared by two words, of which these bytes are in both; what is behind them, by bytes. */
const WORD_BYTES = 4;
const WORDS_BYTES = 2 * WORD_BYTES;

/**
 * A pattern that many names are tried on. Most are some bytes with one star behind them, and those
 * are compared without a look at the compiled pattern:
 *
 * ```
 * session:*     sess│ion:      two words, and masks where they have less than four bytes
 * key:*         key:│....
 * ```
 */
export class NamePattern {
  readonly text: ByteString;
  readonly #bytes: Uint8Array;
  /** Compiled when it is first asked: most patterns are prefixes. */
  #glob: GlobPattern | undefined;
  /** Bytes before the only star, which is the last byte; -1 where it is not of that form. */
  readonly #prefixBytes: number;
  /** The first two words of the prefix, and which bits of them it has. */
  readonly #first: number;
  readonly #firstMask: number;
  readonly #second: number;
  readonly #secondMask: number;

  constructor(text: ByteString) {
    this.text = text;
    this.#bytes = bytesOfByteString(text);
    const last = text.length - 1;
    const isPrefix = this.#bytes[last] === STAR && !SPECIAL.test(text.slice(0, last));
    this.#prefixBytes = isPrefix ? last : -1;
    const prefix = this.#bytes.subarray(0, Math.max(0, this.#prefixBytes));
    this.#first = wordOf(prefix);
    this.#firstMask = wordOf(new Uint8Array(prefix.length).fill(0xff));
    const behind = prefix.subarray(WORD_BYTES);
    this.#second = wordOf(behind);
    this.#secondMask = wordOf(new Uint8Array(behind.length).fill(0xff));
  }

  /** Whether a name matches it. O(length). */
  matches(bytes: Bytes, start: number, length: number): boolean {
    const prefixBytes = this.#prefixBytes;
    // No pattern but the empty one matches an empty name.
    if (prefixBytes < 0 || length === 0) {
      return (this.#glob ??= new GlobPattern(this.#bytes)).matches(bytes, start, length);
    }
    if (length < prefixBytes) return false;
    const { view } = bytes;
    let i = 0;
    // Not at the very end of the memory, where a word would be out of it.
    if (view !== undefined && start + WORDS_BYTES <= bytes.length) {
      const first = view.getInt32(start, true) ^ this.#first;
      const second = view.getInt32(start + WORD_BYTES, true) ^ this.#second;
      if (((first & this.#firstMask) | (second & this.#secondMask)) !== 0) return false;
      i = WORDS_BYTES;
    }
    const prefix = this.#bytes;
    for (; i < prefixBytes; i++) if (bytes[start + i] !== prefix[i]) return false;
    return true;
  }

  /** Whether a name is the pattern itself, byte for byte. */
  is(bytes: Uint8Array, start: number, length: number): boolean {
    const own = this.#bytes;
    if (own.length !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== own[i]) return false;
    return true;
  }
}

/** A pattern of keys, with what may be done with those. */
export class KeyPattern extends NamePattern {
  constructor(text: ByteString, readonly access: number) {
    super(text);
  }

  /** Whether a key may be used in that way. O(length). */
  opens(access: number, bytes: Bytes, start: number, length: number): boolean {
    return (this.access & access) === access && this.matches(bytes, start, length);
  }
}

/** The first four bytes as a word, the first lowest; 0 in place of those that are missing. */
function wordOf(bytes: Uint8Array): number {
  let word = 0;
  for (let i = 0; i < Math.min(bytes.length, WORD_BYTES); i++) word |= bytes[i] << (8 * i);
  return word;
}
