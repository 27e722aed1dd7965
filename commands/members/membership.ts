/** SISMEMBER and HEXISTS; SCARD, HLEN, LLEN and ZCARD: what is asked of collections alike. */

import type { Call } from "../../server/execution/call.ts";
import type { Collections, CollectionView } from "../../server/keyspace/collections.ts";
import type { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { Members } from "./member_reply.ts";

/** Replies whether argument 2 is a member. O(1) in a table. */
export function tellMembership<View extends Members>(
  call: Call,
  type: Type,
  collections: Collections<View>,
): void {
  const { args, reply } = call;
  const entry = call.db.readOf(call.key(1), type);
  if (entry === NONE) return reply.integer(0);
  const view = collections.open(entry);
  reply.integer(view.find(args.bytes, args.start(2), args.length(2)) ? 1 : 0);
}

/** Replies with the number of elements, 0 where there is no key. O(1). */
export function tellCount<View extends CollectionView>(
  call: Call,
  type: Type,
  collections: Collections<View>,
): void {
  const entry = call.db.readOf(call.key(1), type);
  call.reply.integer(entry === NONE ? 0 : collections.open(entry).count);
}
