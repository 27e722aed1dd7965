/**
 * Copies of values, for COPY. What each encoding owns is copied by values.ts, block by block; here is
 * what becomes of strings:
 *
 * ```
 *   behind its key, or in a block of its own   ──▶ as a text: the new key decides where it stands
 *   an integer                                 ──▶ the slot's two words
 *   a block that has been edited in place      ──▶ a block of the same room
 * ```
 */

import type { Ref } from "../../structures/arena/arena.ts";
import { type DetachedValue, TextKind } from "./detached_value.ts";
import { StringEncoding, Type } from "./entry.ts";
import type { Keyspace } from "./keyspace.ts";

/**
 * Copies the value of an entry into `value`, whose text, where it is one, is the entry's own: valid
 * as long as that. O(bytes), O(1) for a string.
 *
 * @throws {ArenaFullError} nothing is left of the copy then
 */
export function copyValue(
  { entries, strings, values }: Keyspace,
  entry: Ref,
  value: DetachedValue,
): void {
  const type = entries.type(entry);
  const encoding = entries.encoding(entry);
  const isText = type === Type.String &&
    (encoding === StringEncoding.Inline || encoding === StringEncoding.Block);
  if (isText) value.setText(TextKind.Text, strings.view(entry));
  else value.setSlot(type, encoding, values.copy(entry), entries.slot(entry, 1));
}
