/** A HyperLogLog that is about to be changed: there, and with room for what may come. */

import type { Call } from "../../server/execution/call.ts";
import type { Key } from "../../server/keyspace/key.ts";
import { Arena, NONE, type Ref } from "../../structures/arena/arena.ts";
import { DENSE_BYTES } from "../../structures/hyperloglog/hyperloglog_layout.ts";
import {
  EMPTY_SPARSE_BYTES,
  MAX_GROWTH_BYTES,
} from "../../structures/hyperloglog/sparse_registers.ts";
import { checkHyperLogLog, isDense, writeEmptySparse } from "./value.ts";

/** What dense registers take from the arena. */
const DENSE_BLOCK_BYTES = Arena.blockBytes(DENSE_BYTES);

/**
 * Opens the HyperLogLog of an entry, a new one where there is none, so that `raises` registers can be
 * raised and sparse ones become dense without a lack of memory half way. O(1), and O(length) where it
 * moves.
 *
 * @param found what `Database.changeOf` found
 * @returns the entry, which may be new or have moved
 * @throws {ErrorReply} it is no HyperLogLog  @throws {ArenaFullError} nothing has changed
 */
export function openForRegisters(call: Call, found: Ref, key: Key, raises: number): Ref {
  const { db, keyspace: { arena, stringEdits, strings }, server } = call;
  let length = EMPTY_SPARSE_BYTES;
  if (found !== NONE) {
    const value = strings.view(found);
    checkHyperLogLog(value);
    if (isDense(value)) return stringEdits.open(db, found, key, 0, 0);
    length = value.length;
  }
  const mayGrow = Math.max(0, server.config.hllSparseMaxBytes - length);
  // Whatever it grows by, it does in the last bytes too, one raise after the other.
  const room = Math.min(raises * MAX_GROWTH_BYTES, mayGrow + MAX_GROWTH_BYTES);
  arena.reserveMore(DENSE_BLOCK_BYTES + 2 * Arena.blockBytes(length + room));
  const entry = stringEdits.open(db, found, key, length, room);
  if (found === NONE) writeEmptySparse(strings.view(entry));
  return entry;
}
