/** Keys of entries: matched with patterns, and told in replies. */

import type { Ref } from "../../structures/arena/arena.ts";
import type { GlobPattern } from "../../structures/bytes/glob.ts";
import type { RefList } from "../../structures/set/ref_list.ts";
import type { Call } from "../../server/execution/call.ts";

/** Whether an entry's key matches the pattern. */
export function keyMatches(call: Call, pattern: GlobPattern, entry: Ref): boolean {
  const { entries } = call.keyspace;
  return pattern.matches(
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
