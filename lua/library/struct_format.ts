/**
 * The format of `struct`: letters that say how values lie in bytes, one after the other.
 *
 * ```
 * b B h H l L T i[n] I[n]   integers: of 1, 2, 8, 8 (T) bytes, of n or 4; an upper case one is unsigned
 * f d                       numbers of 4 and 8 bytes
 * c[n] s                    n characters; a string up to a zero byte
 * x                         a byte without a meaning
 * < > ![n] space            from here on little or big endian, aligned to n bytes or 8; nothing
 * ```
 *
 * A format ends at its first zero byte, and a native one is little endian, not aligned.
 */

import { fail } from "../runtime/lua_error.ts";
import { failArgument } from "./arguments.ts";

/** The most bytes of an integer. */
const MAX_INTEGER_SIZE = 32;
const MAX_INT = 2 ** 31 - 1;
const DEFAULT_INTEGER_SIZE = 4;
const MAX_ALIGNMENT = 8;

/** The letters whose size says itself. */
const SIZES: ReadonlyMap<string, number> = new Map(Object.entries({
  b: 1,
  B: 1,
  h: 2,
  H: 2,
  l: 8,
  L: 8,
  T: 8,
  f: 4,
  d: 8,
  x: 1,
}));

/** Walks a format, letter by letter. */
export class StructFormat {
  isLittleEndian = true;
  /** The letter that was read last. */
  option = "";
  /** The bytes that it stands for; 0 where its argument says, and for what is no data. */
  size = 0;
  #alignment = 1;
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    const end = text.indexOf("\0");
    this.#text = end < 0 ? text : text.slice(0, end);
  }

  /** Reads the next letter and its number; false at the end. */
  next(): boolean {
    if (this.#at >= this.#text.length) return false;
    this.option = this.#text[this.#at++];
    this.size = this.#readSize();
    return true;
  }

  /** The bytes to be left out at an offset, for what was read last to be aligned. */
  paddingAt(offset: number): number {
    const { size } = this;
    if (size === 0 || this.option === "c") return 0;
    // Only the lowest bits count, of sizes that are no powers of two too.
    const mask = Math.min(size, this.#alignment) - 1;
    return (mask + 1 - (offset & mask)) & mask;
  }

  /** Obeys a letter that stands for no data. */
  control(): void {
    switch (this.option) {
      case " ":
        return;
      case "<":
        this.isLittleEndian = true;
        return;
      case ">":
        this.isLittleEndian = false;
        return;
      case "!":
        this.#alignment = this.#readAlignment();
        return;
    }
    failArgument(1, `invalid format option '${this.option}'`);
  }

  #readSize(): number {
    switch (this.option) {
      case "c":
        return this.#readNumber(1);
      case "i":
      case "I": {
        const size = this.#readNumber(DEFAULT_INTEGER_SIZE);
        if (size <= MAX_INTEGER_SIZE) return size;
        fail(`integral size ${size} is larger than limit of ${MAX_INTEGER_SIZE}`);
      }
    }
    return SIZES.get(this.option) ?? 0;
  }

  #readAlignment(): number {
    const alignment = this.#readNumber(MAX_ALIGNMENT);
    if (alignment > 0 && (alignment & (alignment - 1)) === 0) return alignment;
    fail(`alignment ${alignment} is not a power of 2`);
  }

  /** A decimal number, or what stands for none. */
  #readNumber(fallback: number): number {
    const text = this.#text;
    const start = this.#at;
    let value = 0;
    for (; this.#at < text.length; this.#at++) {
      const digit = text.charCodeAt(this.#at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      if (value > MAX_INT) fail("integral size overflow");
    }
    return this.#at === start ? fallback : value;
  }
}
