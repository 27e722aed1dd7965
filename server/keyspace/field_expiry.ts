/**
 * Fields of hashes that expire. Whoever asks for one that has expired does not find it; it is removed
 *
 * ```
 *   by an edit that comes upon it     collections.ts ──▶ settle ──▶ hexpired, the edit's event, del
 *   by a command that has read it     collectMet ──▶ an edit
 *   by nobody who asks                the expire cycle ──▶ collect, the hash that is due first at first
 * ```
 *
 * and the key with the last of its fields. A database's heap knows, of each hash, from when on there may
 * be something to remove; it is told of every change of that here.
 */

import type { Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import type { ElementExpiry } from "./collections.ts";
import type { Database } from "./database.ts";
import { HASH_EXPIRED, type KeyEvent } from "./key_event.ts";
import type { Store } from "./store.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;

export class FieldExpiry implements ElementExpiry<FieldMap> {
  readonly event: KeyEvent = HASH_EXPIRED;
  readonly #store: Store;
  readonly #view: FieldMap;

  /** @param view of its own */
  constructor(store: Store, view: FieldMap) {
    this.#store = store;
    this.#view = view;
  }

  /** Takes note of a hash whose fields may expire, which a key has got as a whole; there is room. */
  register(database: Database, entry: Ref): void {
    const { entries } = this.#store;
    const view = this.#view;
    view.open(entries.encoding(entry), entries.slot(entry, 0));
    this.settle(database, entry, false, view);
  }

  settle(database: Database, entry: Ref, couldExpire: boolean, view: FieldMap): number {
    if (!couldExpire) this.#store.entries.setSlot(entry, 1, 0);
    database.assignFieldExpiry(entry, view.count === 0 ? Infinity : view.earliestMs);
    const { collected } = view;
    view.collected = 0;
    this.#store.expiredSubkeys += collected;
    return collected;
  }

  /**
   * Removes up to about `limit` fields that have expired in a database.
   *
   * @returns how many, counting a hash that was looked at in vain as one. O(limit × log n)
   */
  collect(database: Database, limit: number): number {
    let collected = 0;
    while (collected < limit) {
      const entry = database.hashWithExpiredFields();
      if (entry === NONE) break;
      collected += database.expireIfDue(entry)
        ? 1
        : Math.max(1, this.#collectFrom(database, entry, limit - collected));
    }
    return collected;
  }

  #collectFrom(database: Database, entry: Ref, limit: number): number {
    const { changes, entries } = this.#store;
    const view = this.#view;
    changes.willChange(database.index, entry);
    view.open(entries.encoding(entry), entries.slot(entry, 0));
    view.removeExpired(limit);
    entries.setSlot(entry, 0, view.ref);
    const collected = this.settle(database, entry, true, view);
    if (collected === 0) return 0;
    if (view.count === 0) {
      database.deleteExpiredHash(entry);
    } else if (changes.count(0)) {
      changes.written(database.index, database.keyOf(entry), false, HASH_EXPIRED);
    }
    return collected;
  }
}
