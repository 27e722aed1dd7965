/** What reads the values of one type of the RDB format; value_reader.ts has one for each. */

import type { DetachedValue } from "../detached_value.ts";
import type { RdbReader } from "./rdb_reader.ts";

export interface ValueLoader {
  /** Begins a value of a type that the loader knows. */
  begin(type: number): void;
  /**
   * Reads on, as far as bytes have come. O(what is read).
   *
   * @param steps most elements to read
   * @returns whether the value is complete, and then in `value`
   * @throws {RdbFormatError, ArenaFullError} after which it has to be abandoned
   */
  advance(reader: RdbReader, value: DetachedValue, steps: number): boolean;
  /** Frees what there is of a value that is begun and not complete. O(elements). */
  abandon(): void;
}
