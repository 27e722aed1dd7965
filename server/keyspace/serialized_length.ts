/**
 * How many bytes a value would take in a snapshot in Redis's RDB format, without compression and
 * without its type. DEBUG OBJECT shows it, so that sizes can be compared between servers.
 *
 * ```
 * string       length prefix, bytes; or, for a 32-bit integer, a tag and 1, 2 or 4 bytes
 * sorted set   packed: its listpack as a string; otherwise count, then member string and 8 bytes each
 * ```
 */

import type { Ref } from "../../structures/arena.ts";
import { parseSafeInteger } from "../../structures/decimal.ts";
import { Listpack } from "../../structures/listpack.ts";
import { LISTPACK, type SortedSet } from "../../structures/sorted_set.ts";
import { StringEncoding, Type } from "./entry.ts";
import type { Keyspace } from "./keyspace.ts";

/** Longest text that is tried as a 32-bit integer: that of -2147483648. */
const INT32_MAX_LENGTH = 11;
const SCORE_BYTES = 8;

/** O(1) for a string, O(elements) for a large collection. */
export function serializedLength(keyspace: Keyspace, entry: Ref): number {
  const { entries, sortedSets, strings } = keyspace;
  if (entries.type(entry) === Type.SortedSet) {
    const set = sortedSets.open(entry);
    return set.encoding === LISTPACK
      ? stringLength(new Listpack(keyspace.arena).totalBytes(set.ref))
      : treeLength(set);
  }
  if (entries.encoding(entry) === StringEncoding.Integer) {
    const low = entries.slot(entry, 0);
    if (entries.slot(entry, 1) === low >> 31) return integerLength(low);
  }
  return stringLength(strings.length(entry));
}

function treeLength(set: SortedSet): number {
  let total = prefixLength(set.count);
  set.forEach(({ member }) => {
    total += SCORE_BYTES + textLength(member.bytes, member.start, member.length);
  });
  return total;
}

/** Bytes of a string that may be the text of an integer. */
function textLength(bytes: Uint8Array, start: number, length: number): number {
  if (length <= INT32_MAX_LENGTH) {
    const value = parseSafeInteger(bytes, start, length);
    if (value === (value | 0)) return integerLength(value);
  }
  return stringLength(length);
}

function stringLength(length: number): number {
  return prefixLength(length) + length;
}

function integerLength(value: number): number {
  if (value === value << 24 >> 24) return 2;
  if (value === value << 16 >> 16) return 3;
  return 5;
}

function prefixLength(length: number): number {
  if (length < 2 ** 6) return 1;
  if (length < 2 ** 14) return 2;
  return 5;
}
