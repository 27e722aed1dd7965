/**
 * How a value that no key holds (detached_value.ts) becomes a key's: the last step of RESTORE and
 * COPY, and of loading.
 *
 * ```
 *   DetachedValue ──attach──▶ entry, new or in the place of what the key held before
 *        │                     expiry, changes.ts: written, new, the command's event
 *        └──discard──▶ its memory is free again
 * ```
 */

import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { MAY_EXPIRE } from "../../structures/field_map/field_map.ts";
import type { Database } from "./database.ts";
import { type DetachedValue, TextKind } from "./detached_value.ts";
import { kindOf, Type } from "./entry.ts";
import type { Key } from "./key.ts";
import { type KeyEvent, NEW } from "./key_event.ts";
import type { Keyspace } from "./keyspace.ts";
import { ChangeKind } from "./changes.ts";
import { NO_EXPIRY } from "./strings.ts";

/**
 * Makes a key hold a value, whatever it held, and gives it an expiry. Where that fails, the value goes
 * and the key is as it was; either way `value` has nothing then. As in Redis the key counts as new, also where it was there before.
 * O(key), O(text) for a string, O(log n) for an expiry; and what freeing an old value takes.
 *
 * @param entry what `Database.change` found of the key
 * @param expiry when the key expires, in milliseconds since 1970; or NO_EXPIRY
 * @param event what it is called
 * @returns the key's entry
 * @throws {ArenaFullError}
 */
export function attach(
  keyspace: Keyspace,
  db: Database,
  entry: Ref,
  key: Key,
  value: DetachedValue,
  expiry: number | bigint,
  event: KeyEvent,
): Ref {
  const { changes } = keyspace;
  const expires = expiry !== NO_EXPIRY;
  const mayExpire = value.type === Type.Hash && (value.encoding & MAY_EXPIRE) !== 0;
  let held: Ref;
  try {
    if (expires) db.reserveExpiry(entry);
    if (mayExpire) db.reserveFieldExpiry();
    held = place(keyspace, db, entry, key, value, expires);
  } catch (error) {
    discard(keyspace, value);
    throw error;
  }
  value.clear();
  keyspace.entries.setClock(held, keyspace.clock);
  if (mayExpire) keyspace.fieldExpiry.register(db, held);
  if (expires) db.assignExpiry(held, expiry);
  else db.clearExpiry(held);
  if (changes.count(1)) {
    changes.tell(db.index, key, ChangeKind.Written);
    changes.happened(db.index, key, NEW);
    changes.happened(db.index, key, event);
  }
  return held;
}

/** Puts a value into an entry, which is new or has another value's form now. */
function place(
  { entries, strings }: Keyspace,
  db: Database,
  entry: Ref,
  key: Key,
  value: DetachedValue,
  needsTtlWord: boolean,
): Ref {
  const { encoding, ref, text: { bytes, length, start }, textKind, type, word } = value;
  if (textKind === TextKind.Any) {
    return strings.place(db, entry, key, bytes, start, length, needsTtlWord);
  }
  if (textKind === TextKind.Text) {
    return strings.placeText(db, entry, key, bytes, start, length, needsTtlWord);
  }
  const held = entry === NONE
    ? db.insert(key, type, encoding, false, 0, needsTtlWord)
    : db.reshape(entry, type, encoding, false, 0, needsTtlWord);
  entries.setSlot(held, 0, ref);
  entries.setSlot(held, 1, word);
  return held;
}

/** Frees what a value refers to that no key gets. O(elements). */
export function discard({ values }: Keyspace, value: DetachedValue): void {
  if (value.textKind === TextKind.None && !value.isEmpty) {
    values.freeOf(kindOf(value.type, value.encoding), value.ref, false);
  }
  value.clear();
}
