/**
 * Functions by their names, in any case of letters: an open hash table that is looked through by the
 * bytes of a request, so that a call makes no string.
 *
 * ```
 * name ──▶ hash ──▶ slot ─▶ function │ next slot … │ empty: there is none
 * ```
 *
 * Half of the slots are empty at least. Libraries change rarely, and the table is then made anew.
 */

import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import type { LibraryFunction } from "./library.ts";

const LEAST_SLOTS = 8;

export class FunctionTable {
  #slots: (LibraryFunction | undefined)[] = new Array(LEAST_SLOTS).fill(undefined);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Holds these functions and no others, whose names differ in more than case. O(functions). */
  fill(functions: readonly LibraryFunction[]): void {
    let size = LEAST_SLOTS;
    while (size < 2 * functions.length) size *= 2;
    this.#slots = new Array(size).fill(undefined);
    this.#count = functions.length;
    for (const each of functions) {
      let slot = hashOf(each.name) & (size - 1);
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & (size - 1);
      this.#slots[slot] = each;
    }
  }

  /** The function whose name, in any case, stands in `bytes`. O(length), no allocation. */
  at(bytes: Uint8Array, start: number, length: number): LibraryFunction | undefined {
    const slots = this.#slots;
    let hash = length;
    for (let i = 0; i < length; i++) hash = mixed(hash, bytes[start + i]);
    for (let slot = hash & (slots.length - 1);; slot = (slot + 1) & (slots.length - 1)) {
      const each = slots[slot];
      if (each === undefined || isNamed(each.name, bytes, start, length)) return each;
    }
  }

  /** The function of that name, in any case. O(length). */
  named(name: ByteString): LibraryFunction | undefined {
    const slots = this.#slots;
    const wanted = name.toLowerCase();
    for (let slot = hashOf(name) & (slots.length - 1);; slot = (slot + 1) & (slots.length - 1)) {
      const each = slots[slot];
      if (each === undefined || each.name.toLowerCase() === wanted) return each;
    }
  }
}

/** Folds letters, and some other bytes too; that is looked at when names are compared. */
function mixed(hash: number, byte: number): number {
  return Math.imul(hash ^ (byte | 0x20), 0x01000193);
}

function hashOf(name: ByteString): number {
  let hash = name.length;
  for (let i = 0; i < name.length; i++) hash = mixed(hash, name.charCodeAt(i));
  return hash;
}

function isNamed(name: ByteString, bytes: Uint8Array, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) {
    if (folded(name.charCodeAt(i)) !== folded(bytes[start + i])) return false;
  }
  return true;
}

function folded(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
