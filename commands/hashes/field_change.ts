/** HSETNX, HINCRBY and HINCRBYFLOAT: argument 2 is a field, which gets another value. */

import type { Call } from "../../server/execution/call.ts";
import type { Ref } from "../../structures/arena/arena.ts";

/**
 * Gives the field of argument 2 a value.
 *
 * @param entry of the key in argument 1, NONE where there is none
 * @throws {ArenaFullError} the hash is then as before
 */
export function setField(
  call: Call,
  entry: Ref,
  bytes: Uint8Array,
  start: number,
  length: number,
): void {
  const { args, db, keyspace, keyspace: { hashes } } = call;
  const key = call.key(1);
  const hash = hashes.open(entry);
  try {
    hash.set(args.bytes, args.start(2), args.length(2), bytes, start, length);
  } catch (error) {
    hashes.abandon(db, entry, key);
    throw error;
  }
  hashes.storeGrown(db, entry, key);
  keyspace.dirty++;
}
