/** `[NX | XX]` in a declaration: an argument that is one of some words. */

import type { ArgumentDeclaration } from "../declaration.ts";

/**
 * @param name what the argument is called
 * @param words in capitals, as they are written in calls
 *
 * @example
 * ```ts
 * oneOf("condition", ["NX", "XX"], { optional: true, since: "6.2.0" });
 * ```
 */
export function oneOf(
  name: string,
  words: readonly string[],
  more: Pick<ArgumentDeclaration, "optional" | "since"> = {},
): ArgumentDeclaration {
  return {
    name,
    type: "oneof",
    ...more,
    arguments: words.map((word) => ({
      name: word.toLowerCase(),
      type: "pure-token",
      token: word,
    })),
  };
}
