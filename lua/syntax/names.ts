/**
 * The names of a chunk, each once, so that a name is compared by its characters where it is read and
 * nowhere else; with the variable that it means at the place where the parser is.
 *
 * ```
 * buckets   hash of the characters ─▶ Name ─next─▶ Name
 * Name      text, kind (a reserved word's, or NAME), variable
 * ```
 *
 * The hash has a factor that differs from process to process, so that nobody can write a chunk whose
 * names all fall into one bucket.
 */

import type { LocalVariable } from "./ast.ts";
import { AND, NAME, RESERVED } from "./tokens.ts";

export class Name {
  /** The innermost variable of this name that is in scope; undefined: it is a global's. */
  variable: LocalVariable | undefined = undefined;
  constructor(
    readonly text: string,
    readonly kind: number,
    readonly hash: number,
    public next: Name | undefined,
  ) {}
}

const SIZE = 256;
const FACTOR = (Math.floor(Math.random() * 2 ** 29) * 8 + 5) | 0;
export const HASH_START = Math.floor(Math.random() * 2 ** 30);

/** The hash of a text and one more character. */
export function hashNext(hash: number, character: number): number {
  return Math.imul(hash ^ character, FACTOR) ^ (hash >>> 15);
}

const RESERVED_BUCKETS: (Name | undefined)[] = new Array(SIZE).fill(undefined);
RESERVED.forEach((text, i) => {
  let hash = HASH_START;
  for (let at = 0; at < text.length; at++) hash = hashNext(hash, text.charCodeAt(at));
  const bucket = hash & (SIZE - 1);
  RESERVED_BUCKETS[bucket] = new Name(text, AND + i, hash, RESERVED_BUCKETS[bucket]);
});

export class Names {
  #buckets = RESERVED_BUCKETS.slice();
  #count = 0;

  /** The name whose characters are those of `source` from `start` to `end`. O(1). */
  find(source: string, start: number, end: number, hash: number): Name {
    const buckets = this.#buckets;
    const bucket = hash & (buckets.length - 1);
    const first = buckets[bucket];
    for (let name = first; name !== undefined; name = name.next) {
      if (
        name.hash === hash && name.text.length === end - start &&
        source.startsWith(name.text, start)
      ) return name;
    }
    const name = new Name(source.slice(start, end), NAME, hash, first);
    buckets[bucket] = name;
    if (++this.#count > buckets.length) this.#grow();
    return name;
  }

  /** Four times as many buckets. Reserved words belong to all chunks: they get a copy of their own. */
  #grow(): void {
    const old = this.#buckets;
    const buckets: (Name | undefined)[] = new Array(old.length * 4).fill(undefined);
    for (const first of old) {
      for (let name = first, next; name !== undefined; name = next) {
        next = name.next;
        const bucket = name.hash & (buckets.length - 1);
        if (name.kind === NAME) {
          name.next = buckets[bucket];
          buckets[bucket] = name;
        } else buckets[bucket] = new Name(name.text, name.kind, name.hash, buckets[bucket]);
      }
    }
    this.#buckets = buckets;
  }
}
