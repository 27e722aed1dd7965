/**
 * The libraries of a server by their names, and their functions by theirs:
 *
 * ```
 * libraries   "mylib" ─▶ Library ─▶ functions   "add", "Sub"
 * functions   "add" ─▶ function     "SUB" ─▶ function        FCALL takes any case
 * ```
 *
 * Names of functions are unique in a server. Whatever is refused changes nothing.
 */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import { FunctionTable } from "./function_table.ts";
import type { Library } from "./library.ts";

export class Libraries {
  readonly #libraries = new Map<ByteString, Library>();
  readonly functions: FunctionTable = new FunctionTable();

  /** In the order of their loading. */
  [Symbol.iterator](): Iterator<Library> {
    return this.#libraries.values();
  }

  get count(): number {
    return this.#libraries.size;
  }

  /** What the libraries take beside what the engine counts, in bytes, about. O(libraries). */
  get ownBytes(): number {
    return this.#sum(({ ownBytes }) => ownBytes);
  }

  /** What their compiled code takes, in bytes, about. O(libraries). */
  get compiledBytes(): number {
    return this.#sum(({ compiledBytes }) => compiledBytes);
  }

  #sum(bytesOf: (library: Library) => number): number {
    let total = 0;
    for (const library of this) total += bytesOf(library);
    return total;
  }

  has(name: ByteString): boolean {
    return this.#libraries.has(name);
  }

  /**
   * Adds a library, in the place of the one with its name if there is one. O(all functions).
   *
   * @throws {ErrorReply} where a function has the name of one that stays
   */
  put(library: Library): void {
    const replaced = this.#libraries.get(library.name);
    this.#refuseTaken([library], replaced === undefined ? [] : [replaced]);
    this.#libraries.delete(library.name);
    this.#libraries.set(library.name, library);
    this.#refill();
  }

  /**
   * Adds all libraries of another registry, or none. O(all functions).
   *
   * @param replaces whether they take the places of those that have their names
   * @throws {ErrorReply} where a library has such a name although it may not, or a function that of one
   *   that stays
   */
  join(others: Libraries, replaces: boolean): void {
    const added = [...others];
    const replaced = added.flatMap(({ name }) => this.#libraries.get(name) ?? []);
    if (replaced.length > 0 && !replaces) {
      throw new ErrorReply(`ERR Library ${replaced[0].name} already exists`);
    }
    this.#refuseTaken(added, replaced);
    for (const { name } of replaced) this.#libraries.delete(name);
    for (const library of added) this.#libraries.set(library.name, library);
    this.#refill();
  }

  /** @throws {ErrorReply} where one of the functions has the name of one that stays */
  #refuseTaken(added: readonly Library[], replaced: readonly Library[]): void {
    const leaving = new Set(replaced.flatMap(({ functions }) => functions));
    for (const { functions } of added) {
      for (const { name } of functions) {
        const present = this.functions.named(name);
        if (present === undefined || leaving.has(present)) continue;
        throw new ErrorReply(`ERR Function ${name} already exists`);
      }
    }
  }

  /** Takes a library away. O(all functions). @returns whether it was there */
  delete(name: ByteString): boolean {
    const wasThere = this.#libraries.delete(name);
    if (wasThere) this.#refill();
    return wasThere;
  }

  #refill(): void {
    this.functions.fill([...this].flatMap(({ functions }) => functions));
  }
}
