/** PFCOUNT key [key ...] */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { keyRange, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";
import {
  estimateOf,
  estimateOfRegisters,
  replyCached,
  replyEstimate,
  writeCache,
} from "./count.ts";
import { checkHyperLogLog, isCached, mergeKey, registers } from "./value.ts";

register({
  name: "pfcount",
  arity: -2,
  complexity: "O(1) for one key whose estimate is cached; else O(N) with N keys, a constant of " +
    "thousands of registers each",
  group: "hyperloglog",
  since: "2.8.9",
  summary: "Estimates how many different elements HyperLogLogs have seen together.",
  flags: ["readonly", "may_replicate"],
  keys: withNotes(
    keyRange(1, -1, 1, "RW", "access"),
    "The estimate of a single key is kept in its value.",
  ),
  arguments: [{ name: "key", type: "key", multiple: true }],
  run(call) {
    if (call.count === 2) return countOne(call);
    registers.fill(0);
    for (let i = 1; i < call.count; i++) mergeKey(call, i);
    replyEstimate(call.reply, estimateOfRegisters());
  },
});

/** Answers the estimate of one key, and caches it. */
function countOne(call: Call): void {
  const { db, keyspace: { stringEdits, strings }, reply } = call;
  const key = call.key(1);
  const found = db.readOf(key, Type.String);
  if (found === NONE) return reply.integer(0);
  checkHyperLogLog(strings.view(found));
  const entry = stringEdits.isOpen(found) ? found : stringEdits.open(db, found, key, 0, 0);
  const value = strings.view(entry);
  if (isCached(value)) return replyCached(reply, value);
  const estimate = estimateOf(value);
  // It is looked up to be read; whoever listens is to see it once more as it is.
  db.change(key);
  writeCache(value, estimate);
  stringEdits.tell(db, key, false, 1, undefined);
  replyEstimate(reply, estimate);
}
