/**
 * Puts a long text together from many short pieces: as bytes, which cost one or two nanoseconds each,
 * where V8 would keep a node a piece until somebody reads the whole.
 */

/** What the bytes begin with, and what they grow to before they become text. */
const FIRST_BYTES = 1024;
const MAX_BYTES = 65_536;
/** Longer pieces are joined as they are. */
const MAX_COPIED = 256;
/** Characters that one call of String.fromCharCode takes. */
const MAX_CHARACTERS = 4096;

const ascii = new TextDecoder();

export class TextBuilder {
  #before = "";
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  /** All bytes since the last flush, or-ed. */
  #seen = 0;

  /** Adds the characters of a text from one offset to another. */
  add(text: string, from: number, to: number): void {
    if (to - from > MAX_COPIED) {
      this.#flush();
      this.#before += text.slice(from, to);
      return;
    }
    if (this.#length + to - from > this.#bytes.length) this.#makeRoom();
    const bytes = this.#bytes;
    let length = this.#length;
    let seen = this.#seen;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      bytes[length++] = code;
      seen |= code;
    }
    this.#length = length;
    this.#seen = seen;
  }

  /** Takes the text out, and is empty again. O(length). */
  take(): string {
    this.#flush();
    const text = this.#before;
    this.#before = "";
    return text;
  }

  #makeRoom(): void {
    if (this.#bytes.length >= MAX_BYTES) {
      this.#flush();
      return;
    }
    const larger = new Uint8Array(this.#bytes.length * 4);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #flush(): void {
    const length = this.#length;
    if (length === 0) return;
    this.#length = 0;
    // What is ASCII is the same in UTF-8, for which there is a decoder.
    if (this.#seen < 0x80) this.#before += ascii.decode(this.#bytes.subarray(0, length));
    else {
      for (let at = 0; at < length; at += MAX_CHARACTERS) {
        const piece = this.#bytes.subarray(at, Math.min(at + MAX_CHARACTERS, length));
        this.#before += Reflect.apply(String.fromCharCode, undefined, piece);
      }
    }
    this.#seen = 0;
  }
}
