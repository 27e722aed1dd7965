/** Problems with settings that keep a server from starting. */

import { type ByteString, textOfByteString } from "../../structures/bytes/byte_string.ts";

/** More than that are counted, not told. */
const MAX_PROBLEMS = 20;

/** The most that a message repeats of what a file says. */
const MAX_QUOTED_CHARACTERS = 128;

/**
 * Settings that the server cannot start with: a line for each problem, which says where and why. The
 * message is all of them, a line each.
 */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const lines = typeof problems === "string" ? [problems] : problems;
    super(lines.join("\n"));
    this.problems = lines;
  }
}

/** Gathers problems, so that all of them are told at once. */
export class Problems {
  readonly #lines: string[] = [];
  #untold = 0;

  add(line: string): void {
    if (this.#lines.length < MAX_PROBLEMS) this.#lines.push(line);
    else this.#untold++;
  }

  /** @throws {ConfigError} where there is one */
  throwIfAny(): void {
    if (this.#lines.length === 0) return;
    const more = this.#untold === 0 ? [] : [`and ${this.#untold} more problems with settings`];
    throw new ConfigError([...this.#lines, ...more]);
  }
}

/** Bytes of a file as text that can stand in one line of a message. */
export function shown(bytes: ByteString): string {
  const text = textOfByteString(bytes.slice(0, MAX_QUOTED_CHARACTERS));
  return text.replace(/\p{Cc}/gu, "?");
}
