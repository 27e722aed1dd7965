/**
 * Where commands have their key, of those that have one at most and always in the same place: most
 * commands, and all that are called a million times a second. Others are asked by CallKeys.
 */

import type { CommandTable, ExecutableCommand } from "../execution/command_table.ts";
import { keyFlagBits } from "../execution/key_spec.ts";
import { KeyAccess } from "./patterns.ts";

/** The command has no keys. */
export const NO_KEY = -1;
/** Nothing is known of the command but by its calls. */
export const BY_CALL = 0;

const READS = keyFlagBits(["access"]);
const WRITES = keyFlagBits(["insert", "delete", "update"]);
const NOT_KEY = keyFlagBits(["not_key"]);
const INCOMPLETE = keyFlagBits(["incomplete"]);

/** Bits of {@linkcode KeyAccess} that a use of a key needs, by its flags. */
export function accessOf(flags: number): number {
  return ((flags & READS) !== 0 ? KeyAccess.Read : 0) |
    ((flags & WRITES) !== 0 ? KeyAccess.Write : 0);
}

/** By their tables, which the servers of a process mostly share. */
const known = new WeakMap<CommandTable, KeyPlaces>();

export class KeyPlaces {
  /** By number of the command: the argument that is its key, NO_KEY, or BY_CALL. */
  readonly #places: Int32Array;
  /** By number of the command: what its use of the key needs. */
  readonly #access: Int32Array;

  private constructor(commands: CommandTable) {
    this.#places = new Int32Array(commands.idsEnd);
    this.#access = new Int32Array(commands.idsEnd);
    for (const command of commands.all()) this.#note(command);
  }

  /** Those of a table as it is now. O(commands), and O(1) for a table that has not grown since. */
  static of(commands: CommandTable): KeyPlaces {
    let places = known.get(commands);
    if (places === undefined || places.#places.length !== commands.idsEnd) {
      known.set(commands, places = new KeyPlaces(commands));
    }
    return places;
  }

  #note({ id, keySearch, keySpecs }: ExecutableCommand): void {
    const specs = keySpecs.filter(({ flags }) => (flags & NOT_KEY) === 0);
    if (keySearch === undefined && specs.length === 0) this.#places[id] = NO_KEY;
    if (specs.length !== 1) return;
    const [{ begin, find, flags, flagsOfCall }] = specs;
    const isOne = begin.type === "index" && find.type === "range" && find.lastKey === 0;
    if (!isOne || flagsOfCall !== undefined || (flags & INCOMPLETE) !== 0) return;
    this.#places[id] = begin.index;
    this.#access[id] = accessOf(flags);
  }

  /** The argument that is the key of a command's calls, NO_KEY, or BY_CALL. O(1). */
  placeOf(id: number): number {
    return id < this.#places.length ? this.#places[id] : BY_CALL;
  }

  /** What such a command needs of its key. O(1). */
  accessOf(id: number): number {
    return this.#access[id];
  }
}
