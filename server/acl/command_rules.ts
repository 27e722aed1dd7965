/**
 * The rules about commands that a selector's bits come of, in their order: its text. A rule takes the
 * place of earlier ones about the same, and of those about a part of it:
 *
 * ```
 * +config|get  -@slow  +get      and then  -config      is      -@slow  +get  -config
 * ```
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";

export class CommandRules {
  /** Rules with their sign, by what they are about, the oldest first. */
  readonly #rules = new Map<ByteString, ByteString>();
  /** By name of a command, what rules about parts of it are about, if there are any. */
  #parts: Map<ByteString, Set<ByteString>> | undefined;

  get size(): number {
    return this.#rules.size;
  }

  /** Adds a rule, such as `+get`, `-config|set` or `+@read`. Amortized O(1). */
  add(rule: ByteString): void {
    const subject = rule.slice(1);
    const bar = subject.indexOf("|");
    if (bar === -1) {
      for (const part of this.#parts?.get(subject) ?? []) this.#rules.delete(part);
      this.#parts?.delete(subject);
    } else {
      const command = subject.slice(0, bar);
      this.#parts ??= new Map();
      const parts = this.#parts.get(command);
      if (parts === undefined) this.#parts.set(command, new Set([subject]));
      else parts.add(subject);
    }
    this.#rules.delete(subject);
    this.#rules.set(subject, rule);
  }

  clear(): void {
    this.#rules.clear();
    this.#parts = undefined;
  }

  /** The rules, the oldest first. */
  [Symbol.iterator](): Iterator<ByteString> {
    return this.#rules.values();
  }
}
