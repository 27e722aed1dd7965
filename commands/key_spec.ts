/**
 * Where a command's keys stand, and how it uses them: presets for declarations, over the language
 * that server/execution/key_spec.ts explains.
 *
 * ```ts
 * keys: key(1, "RW", "insert"),                                    // SADD key member …
 * keys: keyRange(1, -1, 1, "RO", "access"),                        // MGET key key …
 * keys: [key(1, "RW", "access", "delete"), key(2, "OW", "update")] // RENAME key newkey
 * keys: [key(1, "OW", "update"), countedKeys(2, "RO", "access")],  // ZUNIONSTORE dest n key …
 * keys: keysAfter("STREAMS", { half: true }, "RO", "access"),      // XREAD … STREAMS key … id …
 * keys: [key(1, "RO"), keyAfter("STORE", 6, "OW", "update")]       // GEORADIUS key … STORE key
 * ```
 */

import type { Arguments } from "../protocol/arguments.ts";
import {
  type BeginSearch,
  type FindKeys,
  type KeyFlag,
  keyFlagBits,
  type KeySpec,
} from "../server/execution/key_spec.ts";

/** One key, argument `at`. */
export function key(at: number, ...flags: readonly KeyFlag[]): KeySpec {
  return keyRange(at, at, 1, ...flags);
}

/** Every `step`-th argument from `first` to `last`, which counts from the end where negative. */
export function keyRange(
  first: number,
  last: number,
  step: number,
  ...flags: readonly KeyFlag[]
): KeySpec {
  return spec({ type: "index", index: first }, range(last < 0 ? last : last - first, step), flags);
}

/** As many keys as argument `countAt` says; they stand behind it. */
export function countedKeys(countAt: number, ...flags: readonly KeyFlag[]): KeySpec {
  const find: FindKeys = { type: "keynum", keyNumIndex: 0, firstKey: 1, step: 1 };
  return spec({ type: "index", index: countAt }, find, flags);
}

/** As many keys as argument `countAt` says, each followed by a value; they stand behind it. */
export function countedPairs(countAt: number, ...flags: readonly KeyFlag[]): KeySpec {
  const find: FindKeys = { type: "keynum", keyNumIndex: 0, firstKey: 1, step: 2 };
  return spec({ type: "index", index: countAt }, find, flags);
}

/** One key behind the word `keyword`, which is sought from argument `from` on. */
export function keyAfter(keyword: string, from: number, ...flags: readonly KeyFlag[]): KeySpec {
  return spec({ type: "keyword", keyword, startFrom: from }, range(0, 1), flags);
}

/** Where {@linkcode keysAfter} looks. */
export interface KeysAfterOptions {
  /** The argument from which on the word is sought; negative: from that one backwards. */
  readonly from?: number;
  /** Whether the second half of what stands behind the word belongs to the keys in the first. */
  readonly half?: boolean;
}

/** All that stands behind the word `keyword`. */
export function keysAfter(
  keyword: string,
  { from = 1, half = false }: KeysAfterOptions,
  ...flags: readonly KeyFlag[]
): KeySpec {
  return spec({ type: "keyword", keyword, startFrom: from }, range(-1, 1, half ? 2 : 0), flags);
}

/** Keys whose places no specification tells; a declaration's `keySearch` may find them. */
export function unknownKeys(...flags: readonly KeyFlag[]): KeySpec {
  return spec({ type: "unknown" }, { type: "unknown" }, flags);
}

/** One key, argument `at`, whose use depends on the call: `flagsOfCall` tells it. */
export function keyByCall(
  at: number,
  flags: readonly KeyFlag[],
  flagsOfCall: (this: void, args: Arguments) => number,
): KeySpec {
  return { ...key(at, ...flags, "variable_flags"), flagsOfCall };
}

/** A specification with words for those who read COMMAND INFO. */
export function withNotes(keys: KeySpec, notes: string): KeySpec {
  return { ...keys, notes };
}

function range(lastKey: number, step: number, limit = 0): FindKeys {
  return { type: "range", lastKey, step, limit };
}

function spec(begin: BeginSearch, find: FindKeys, flags: readonly KeyFlag[]): KeySpec {
  return { begin, find, flags: keyFlagBits(flags) };
}
