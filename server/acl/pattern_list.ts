/** Patterns of a selector in the order of their coming, each text once. */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { NamePattern } from "./patterns.ts";

/** So many are looked through; of more, places are kept by text. */
const FEW = 16;

export class PatternList<P extends NamePattern> {
  /** What names are tried on. To read. */
  readonly items: P[] = [];
  #places: Map<ByteString, number> | undefined;

  get size(): number {
    return this.items.length;
  }

  /** The pattern of that text. O(1). */
  get(text: ByteString): P | undefined {
    const place = this.#placeOf(text);
    return place === -1 ? undefined : this.items[place];
  }

  /** Puts a pattern in the place of the one that has its text, or behind all others. O(1). */
  set(pattern: P): void {
    const { text } = pattern;
    const place = this.#placeOf(text);
    if (place !== -1) {
      this.items[place] = pattern;
      return;
    }
    this.#places?.set(text, this.items.length);
    this.items.push(pattern);
  }

  #placeOf(text: ByteString): number {
    const { items } = this;
    if (items.length <= FEW) return items.findIndex((pattern) => pattern.text === text);
    this.#places ??= new Map(items.map((pattern, place) => [pattern.text, place]));
    return this.#places.get(text) ?? -1;
  }

  clear(): void {
    this.items.length = 0;
    this.#places = undefined;
  }

  /** Has the patterns of another list in place of its own. O(patterns). */
  adopt(other: PatternList<P>): void {
    this.clear();
    for (const pattern of other.items) this.items.push(pattern);
  }
}
