/** Keys of entries: matched with patterns, and told in replies. */

import type { Ref } from "../../structures/arena/arena.ts";
import { matchesGlob } from "../../structures/bytes/glob.ts";
import type { RefList } from "../../structures/set/ref_list.ts";
import type { Call } from "../../server/execution/call.ts";

/** Whether an entry's key matches the pattern in argument `i`. */
export function keyMatches(call: Call, i: number, entry: Ref): boolean {
  const { args, keyspace: { entries } } = call;
  return matchesGlob(
    args.bytes,
    args.start(i),
    args.length(i),
    entries.bytes(entry),
    entries.keyStart(entry),
    entries.keyLength(entry),
  );
}

/** Replies with an entry's key. O(key). */
export function replyKey(call: Call, entry: Ref): void {
  const { keyspace: { entries }, reply } = call;
  reply.bulkBytes(entries.bytes(entry), entries.keyStart(entry), entries.keyLength(entry));
}

/** Replies with an array of the entries' keys, and empties the list. O(keys). */
export function replyKeys(call: Call, found: RefList): void {
  const { count } = found;
  call.reply.array(count);
  for (let i = 0; i < count; i++) replyKey(call, found.at(i));
  found.clear();
}
