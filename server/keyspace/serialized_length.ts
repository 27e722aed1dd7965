/**
 * How many bytes a value would take in a snapshot in Redis's RDB format, without compression and
 * without its type. DEBUG OBJECT shows it, so that sizes can be compared between servers.
 *
 * ```
 * string       length prefix, bytes; or, for a 32-bit integer, a tag and 1, 2 or 4 bytes
 * packed       the listpack or intset of a collection as a string
 * otherwise    count, then each member: its string; of a hash also the value's, of a sorted set 8 bytes
 * ```
 */

import type { Ref } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { parseSafeInteger } from "../../structures/numbers/decimal.ts";
import { type FieldMap, HashEncoding } from "../../structures/field_map/field_map.ts";
import { Intset } from "../../structures/set/intset.ts";
import { Listpack } from "../../structures/listpack/listpack.ts";
import { type MemberSet, SetEncoding } from "../../structures/set/member_set.ts";
import { LISTPACK, type SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { kindOf, StringEncoding, Type } from "./entry.ts";
import type { Keyspace } from "./keyspace.ts";

/** Kinds of collections that are one listpack. */
const PACKED: ReadonlySet<number> = new Set([
  kindOf(Type.Hash, HashEncoding.Listpack),
  kindOf(Type.Set, SetEncoding.Listpack),
  kindOf(Type.SortedSet, LISTPACK),
]);

/** Longest text that is tried as a 32-bit integer: that of -2147483648. */
const INT32_MAX_LENGTH = 11;
const SCORE_BYTES = 8;

/** O(1) for a string and what is packed, O(elements) for another collection. */
export function serializedLength(keyspace: Keyspace, entry: Ref): number {
  const { arena, entries, hashes, sets, sortedSets, strings } = keyspace;
  const type = entries.type(entry);
  const encoding = entries.encoding(entry);
  if (PACKED.has(kindOf(type, encoding))) {
    return stringLength(new Listpack(arena).totalBytes(entries.slot(entry, 0)));
  }
  if (type === Type.Set) {
    const set = sets.open(entry);
    return encoding === SetEncoding.Intset
      ? stringLength(new Intset(arena).totalBytes(set.ref))
      : membersLength(set, ({ member }) => viewLength(member));
  }
  if (type === Type.Hash) {
    const length = ({ member, value }: FieldMap) => viewLength(member) + viewLength(value);
    return membersLength(hashes.open(entry), length);
  }
  if (type === Type.SortedSet) return treeLength(sortedSets.open(entry));
  if (encoding === StringEncoding.Integer) {
    const low = entries.slot(entry, 0);
    if (entries.slot(entry, 1) === low >> 31) return integerLength(low);
  }
  return stringLength(strings.length(entry));
}

function membersLength<View extends FieldMap | MemberSet>(
  view: View,
  lengthOf: (view: View) => number,
): number {
  let total = prefixLength(view.count);
  for (let more = view.seekFirst(); more; more = view.next()) total += lengthOf(view);
  return total;
}

function treeLength(set: SortedSet): number {
  let total = prefixLength(set.count);
  set.forEach(({ member }) => {
    total += SCORE_BYTES + viewLength(member);
  });
  return total;
}

function viewLength(view: ByteView): number {
  return textLength(view.bytes, view.start, view.length);
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
