/** PFADD key [element ...] */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE, type Ref } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { raiseDense } from "../../structures/hyperloglog/dense_registers.ts";
import { registerOf } from "../../structures/hyperloglog/element_hash.ts";
import { INDEX_BITS, REGISTER_COUNT } from "../../structures/hyperloglog/hyperloglog_layout.ts";
import {
  CORRUPT,
  raiseSparse,
  TOO_LARGE,
  UNCHANGED,
} from "../../structures/hyperloglog/sparse_registers.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { openForRegisters } from "./opening.ts";
import { CORRUPTED, expireCache, isDense, makeDense, PFADD } from "./value.ts";

const INDEX_MASK = REGISTER_COUNT - 1;

register({
  name: "pfadd",
  arity: -2,
  complexity: "O(1) for each element",
  group: "hyperloglog",
  since: "2.8.9",
  summary: "Shows elements to a HyperLogLog, which is made where the key is missing.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "insert"),
  arguments: [
    { name: "key", type: "key" },
    { name: "element", type: "string", optional: true, multiple: true },
  ],
  run(call) {
    const { count, db, keyspace: { stringEdits, strings }, reply } = call;
    const key = call.key(1);
    const found = db.changeOf(key, Type.String);
    const isNew = found === NONE;
    const entry = openForRegisters(call, found, key, count - 2);
    let changes = isNew ? 1 : 0;
    for (let i = 2; i < count; i++) {
      const changed = addElement(call, entry, i);
      if (changed === CORRUPT) {
        // The elements before have changed registers all the same, for which there is no word.
        if (changes !== 0) {
          expireCache(strings.view(entry));
          stringEdits.tell(db, key, false, 0, undefined);
        }
        throw CORRUPTED;
      }
      changes += changed;
    }
    if (changes !== 0) {
      expireCache(strings.view(entry));
      stringEdits.tell(db, key, isNew, changes, PFADD);
    }
    reply.integer(changes === 0 ? 0 : 1);
  },
});

/** Adds the element in argument `i`. @returns how many registers changed, or CORRUPT */
function addElement(call: Call, entry: Ref, i: number): number {
  const { args } = call;
  const found = registerOf(args.bytes, args.start(i), args.length(i));
  const index = found & INDEX_MASK;
  const run = found >> INDEX_BITS;
  const value = call.keyspace.strings.view(entry);
  if (isDense(value)) return raiseDense(value.bytes, value.start, index, run) ? 1 : 0;
  return raiseSparsely(call, entry, value, index, run);
}

/** Raises a register of sparse ones, which become dense where they have to. */
function raiseSparsely(
  call: Call,
  entry: Ref,
  { bytes, length, start }: ByteView,
  index: number,
  run: number,
): number {
  const { keyspace: { stringEdits, strings }, server } = call;
  const newLength = raiseSparse(bytes, start, length, index, run, server.config.hllSparseMaxBytes);
  if (newLength === CORRUPT) return CORRUPT;
  if (newLength === UNCHANGED) return 0;
  if (newLength !== TOO_LARGE) {
    stringEdits.setLength(entry, newLength);
    return 1;
  }
  if (!makeDense(call, entry)) return CORRUPT;
  const dense = strings.view(entry);
  raiseDense(dense.bytes, dense.start, index, run);
  return 1;
}
