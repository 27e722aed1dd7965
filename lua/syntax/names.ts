/**
 * The names of a chunk, each once, with the variable that it means at the place where the parser is.
 * Reserved words are names of kinds of their own.
 */

import type { LocalVariable } from "./ast.ts";
import { AND, NAME, RESERVED } from "./tokens.ts";

export class Name {
  /** The innermost variable of this name that is in scope; undefined: it is a global's. */
  variable: LocalVariable | undefined = undefined;
  constructor(readonly text: string, readonly kind: number) {}
}

const RESERVED_NAMES = new Map(RESERVED.map((text, i) => [text, new Name(text, AND + i)]));

export class Names {
  readonly #names = new Map<string, Name>();

  /** The name of this text. O(1). */
  find(text: string): Name {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = RESERVED_NAMES.get(text) ?? new Name(text, NAME);
      this.#names.set(text, name);
    }
    return name;
  }
}
