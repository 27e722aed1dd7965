/** PFMERGE destination [source ...] */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { Key } from "../../server/keyspace/key.ts";
import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { writeDense } from "../../structures/hyperloglog/dense_registers.ts";
import { DENSE_BYTES, REGISTER_COUNT } from "../../structures/hyperloglog/hyperloglog_layout.ts";
import { raiseSparse, TOO_LARGE } from "../../structures/hyperloglog/sparse_registers.ts";
import { key, keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";
import { openForRegisters } from "./opening.ts";
import {
  expireCache,
  isDense,
  mergeKey,
  PFADD,
  registers,
  replaceByDense,
  writeNewDense,
} from "./value.ts";

register({
  name: "pfmerge",
  arity: -2,
  complexity: "O(N) with N keys, a constant of thousands of registers each",
  group: "hyperloglog",
  since: "2.8.9",
  summary: "Makes a HyperLogLog one that has also seen what others have.",
  flags: ["write", "denyoom"],
  keys: [key(1, "RW", "access", "insert"), keyRange(2, -1, 1, "RO", "access")],
  arguments: [
    { name: "destkey", type: "key" },
    { name: "sourcekey", type: "key", optional: true, multiple: true },
  ],
  run(call) {
    const { db, keyspace: { stringEdits, strings }, reply } = call;
    registers.fill(0);
    let hasDense = false;
    for (let i = 1; i < call.count; i++) {
      const value = mergeKey(call, i);
      if (value !== undefined && isDense(value)) hasDense = true;
    }
    const key = call.key(1);
    const found = db.changeOf(key, Type.String);
    const entry = hasDense ? writeDensely(call, found, key) : writeSparsely(call, found, key);
    expireCache(strings.view(entry));
    stringEdits.tell(db, key, found === NONE, 1, PFADD);
    reply.ok();
  },
});

/** Gives the destination all registers, dense. @returns its entry  @throws {ArenaFullError} */
function writeDensely(call: Call, found: Ref, key: Key): Ref {
  const { db, keyspace: { stringEdits, strings } } = call;
  if (found === NONE) {
    const entry = stringEdits.open(db, NONE, key, DENSE_BYTES, 0);
    writeNewDense(strings.view(entry));
    return entry;
  }
  const entry = stringEdits.open(db, found, key, 0, 0);
  const value = strings.view(entry);
  if (isDense(value)) writeDense(value.bytes, value.start, registers);
  else replaceByDense(call, entry);
  return entry;
}

/**
 * Gives the destination all registers, sparse as long as they may be. As the bytes that come of it
 * are those of Redis, they are raised one by one.
 */
function writeSparsely(call: Call, found: Ref, key: Key): Ref {
  const { keyspace: { stringEdits, strings }, server } = call;
  const entry = openForRegisters(call, found, key, raisedCount());
  const { bytes, length, start } = strings.view(entry);
  const maxBytes = server.config.hllSparseMaxBytes;
  let newLength = length;
  for (let i = 0; i < REGISTER_COUNT; i++) {
    if (registers[i] === 0) continue;
    const raised = raiseSparse(bytes, start, newLength, i, registers[i], maxBytes);
    if (raised === TOO_LARGE) {
      replaceByDense(call, entry);
      return entry;
    }
    if (raised > 0) newLength = raised;
  }
  stringEdits.setLength(entry, newLength);
  return entry;
}

/** How many of the registers are not 0. */
function raisedCount(): number {
  let count = 0;
  for (let i = 0; i < REGISTER_COUNT; i++) if (registers[i] !== 0) count++;
  return count;
}
