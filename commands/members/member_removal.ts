/** SREM, HDEL and ZREM: the arguments behind the key are members to be removed. */

import type { Call } from "../../server/execution/call.ts";
import type { Collections, CollectionView } from "../../server/keyspace/collections.ts";
import type { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";

/** A collection whose elements are found by their bytes. */
interface MemberView extends CollectionView {
  remove(bytes: Uint8Array, start: number, length: number): boolean;
}

/** Replies with how many of the members there were. O(1) for each in a table. */
export function removeMembers<View extends MemberView>(
  call: Call,
  type: Type,
  collections: Collections<View>,
): void {
  const { args, db, keyspace, reply } = call;
  const key = call.key(1);
  const entry = db.findOf(key, type);
  if (entry === NONE) return reply.integer(0);
  const view = collections.open(entry);
  let removed = 0;
  for (let i = 2; i < call.count && view.count > 0; i++) {
    if (view.remove(args.bytes, args.start(i), args.length(i))) removed++;
  }
  if (removed > 0) collections.store(db, entry, key);
  keyspace.dirty += removed;
  reply.integer(removed);
}
