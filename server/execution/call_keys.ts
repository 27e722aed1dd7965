/**
 * The walk over a call's keys: which arguments they are, and how the command uses each. Whoever has
 * to know a call's keys before it runs (COMMAND GETKEYS; access rules; slots; tracking) asks here.
 *
 * ```ts
 * keys.find(command, args);
 * while (keys.next()) use(keys.index, keys.flags);
 * ```
 *
 * What is found is kept as ranges, one or two for each specification, in arrays that are used again
 * and again. So a walk allocates nothing however many keys there are, and a call that claims a
 * thousand million keys costs as much as one that claims two: a range that does not lie within the
 * call's arguments is refused whole.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { type KeyedCommand, keyFlagBits, type KeySink, type KeySpec } from "./key_spec.ts";

/** Ranges that the keys of one call may be in; Redis's commands have three at most. */
export const MAX_KEY_RANGES = 16;

const NOT_KEY = keyFlagBits(["not_key"]);
const INCOMPLETE = keyFlagBits(["incomplete"]);

export class CallKeys implements KeySink {
  /** Index of the argument that is the key at hand. */
  index = 0;
  /** How the command uses that key: see {@linkcode keyFlagBits}. */
  flags = 0;
  /** Ranges as they were found. */
  readonly #first = new Int32Array(MAX_KEY_RANGES);
  readonly #last = new Int32Array(MAX_KEY_RANGES);
  readonly #step = new Int32Array(MAX_KEY_RANGES);
  readonly #flags = new Int32Array(MAX_KEY_RANGES);
  #ranges = 0;
  /** The range that is walked, and the key in it that comes next. */
  #range = 0;
  #next = 0;
  /** Number of arguments of the call. */
  #count = 0;

  /**
   * Finds the keys of a call whose number of arguments is right. O(specifications), and O(arguments)
   * where one is about a keyword.
   *
   * @param withNotKeys also what only looks like a key (`not_key`)
   * @returns whether there are any; none where the arguments make no sense, for the command will
   *   refuse those
   */
  find(command: KeyedCommand, args: Arguments, withNotKeys: boolean = false): boolean {
    this.#begin(args.count);
    const { keySpecs, keySearch } = command;
    for (let i = 0; i < keySpecs.length; i++) {
      if (this.#apply(keySpecs[i], args, withNotKeys)) continue;
      this.#begin(args.count);
      keySearch?.(args, this);
      break;
    }
    if (this.#ranges > 0) this.#next = this.#first[0];
    return this.#ranges > 0;
  }

  /** Goes to the next key, in the order of the specifications; false behind the last. O(1). */
  next(): boolean {
    const range = this.#range;
    if (range >= this.#ranges) return false;
    this.index = this.#next;
    this.flags = this.#flags[range];
    this.#next += this.#step[range];
    if (this.#next > this.#last[range]) {
      this.#range = range + 1;
      if (this.#range < this.#ranges) this.#next = this.#first[this.#range];
    }
    return true;
  }

  /** How many keys were found. O(ranges). */
  get total(): number {
    let total = 0;
    for (let i = 0; i < this.#ranges; i++) {
      total += Math.trunc((this.#last[i] - this.#first[i]) / this.#step[i]) + 1;
    }
    return total;
  }

  add(first: number, last: number, step: number, flags: number): void {
    this.#add(first, last, step, flags);
  }

  #begin(count: number): void {
    this.#count = count;
    this.#ranges = 0;
    this.#range = 0;
  }

  /** Notes a range; false where it does not lie within the call's arguments. */
  #add(first: number, last: number, step: number, flags: number): boolean {
    if (first < 1 || last < first || last >= this.#count) return false;
    if (this.#ranges === MAX_KEY_RANGES) return false;
    const range = this.#ranges++;
    this.#first[range] = first;
    this.#last[range] = last;
    this.#step[range] = step;
    this.#flags[range] = flags;
    return true;
  }

  /**
   * Notes the keys that a specification finds; none, where its keyword is not there.
   *
   * @returns false where the arguments make no sense, or it does not tell all
   */
  #apply(spec: KeySpec, args: Arguments, withNotKeys: boolean): boolean {
    const { find, flags: declared, flagsOfCall } = spec;
    if ((declared & NOT_KEY) !== 0 && !withNotKeys) return true;
    const begin = beginning(spec, args);
    if (begin === NOT_THERE) return true;
    if (begin === UNKNOWN || find.type === "unknown") return false;
    const flags = flagsOfCall === undefined ? declared : flagsOfCall(args);
    let first = begin;
    let last = 0;
    if (find.type === "range") {
      last = lastOfRange(begin, find, args.count);
    } else {
      const countedAt = begin + find.keyNumIndex;
      const keys = countedAt < args.count ? args.safeInteger(countedAt) : 0;
      // What is no number is NaN, and fails here; what is too large for a range has to.
      if (!(keys >= 1 && keys <= args.count)) return false;
      first = begin + find.firstKey;
      last = first + (keys - 1) * find.step;
    }
    return this.#add(first, last, find.step, flags) && (declared & INCOMPLETE) === 0;
  }
}

/** For a beginning: the keyword is not there. */
const NOT_THERE = 0;
/** For a beginning: the specification does not tell. */
const UNKNOWN = -1;

function beginning({ begin }: KeySpec, args: Arguments): number {
  if (begin.type === "index") return begin.index;
  if (begin.type === "unknown") return UNKNOWN;
  const { keyword, startFrom } = begin;
  // The last argument is no keyword: there is nothing behind it. Backwards, the first is the stop.
  if (startFrom > 0) {
    for (let i = startFrom; i < args.count - 1; i++) if (args.is(i, keyword)) return i + 1;
  } else {
    for (let i = args.count + startFrom; i > 1; i--) if (args.is(i, keyword)) return i + 1;
  }
  return NOT_THERE;
}

function lastOfRange(
  first: number,
  { lastKey, limit }: { readonly lastKey: number; readonly limit: number },
  count: number,
): number {
  if (lastKey >= 0) return first + lastKey;
  return limit === 0 ? count + lastKey : first + Math.trunc((count - first) / limit) + lastKey;
}
