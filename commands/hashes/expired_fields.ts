/**
 * Fields that have expired and that a reader comes upon: it does not find them, and has them removed,
 * as Redis does. Commands that edit a hash need none of this (server/keyspace/collections.ts).
 */

import type { Call } from "../../server/execution/call.ts";
import { HASH_EXPIRED } from "../../server/keyspace/key_event.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";

/** Fields that a reader who wants no expired ones removes at the most; what is left it passes over. */
const MAX_REMOVED = 4096;

// The arguments that the call under way has looked for.
let first = 0;
let last = 0;

/**
 * Removes those of the fields in arguments `from` to `to` that have expired, once the call has been
 * answered. The hash may be gone then. O(fields).
 */
export function removeMet(call: Call, hash: FieldMap, from: number, to: number): void {
  hash.hasMetExpired = false;
  if (!call.keyspace.collectsOnRead) return;
  first = from;
  last = to;
  call.keyspace.hashes.changePresent(call, 1, lookFor, HASH_EXPIRED);
}

/** An edit that finds fields, which removes those that have expired. */
function lookFor({ args }: Call, hash: FieldMap): number {
  for (let i = first; i <= last; i++) hash.find(args.bytes, args.start(i), args.length(i));
  return 0;
}

/**
 * The hash in argument 1 without its expired fields, or most of them; undefined where all have expired.
 * O(expired fields), of which a bounded number is removed.
 */
export function withoutExpired(call: Call, hash: FieldMap): FieldMap | undefined {
  const { db, keyspace } = call;
  if (hash.earliestMs >= keyspace.dueMs) return hash;
  if (keyspace.collectsOnRead) {
    keyspace.hashes.changePresent(call, 1, removeExpired, HASH_EXPIRED);
  }
  const entry = db.peek(call.key(1));
  const left = entry === NONE ? undefined : keyspace.hashes.open(entry);
  return left?.liveCount === 0 ? undefined : left;
}

function removeExpired(_call: Call, hash: FieldMap): number {
  hash.removeExpired(MAX_REMOVED);
  return 0;
}
