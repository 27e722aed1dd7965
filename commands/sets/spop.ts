/** SPOP key [count] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { DistinctSample } from "../../structures/set/distinct_sample.ts";
import { RefList } from "../../structures/set/ref_list.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { MEMBER, writeAll } from "../members/member_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const sample = new DistinctSample();
const popped = new RefList();

register({
  name: "spop",
  arity: -2,
  complexity: "O(1), or O(N) with N members popped",
  group: "set",
  since: "1.0.0",
  summary: "Takes members chosen at random out of a set and answers them.",
  flags: ["write", "fast"],
  tips: ["nondeterministic_output"],
  keys: key(1, "RW", "access", "delete"),
  history: [["3.2.0", "The count."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer", optional: true, since: "3.2.0" },
  ],
  run(call) {
    if (call.count > 3) throw SYNTAX_ERROR;
    if (call.count === 3) popSeveral(call, countArgument(call, 2));
    else popOne(call);
  },
});

function popOne(call: Call): void {
  const { db, keyspace, keyspace: { sets }, reply } = call;
  const key = call.key(1);
  const entry = db.findOf(key, Type.Set);
  if (entry === NONE) return reply.nil();
  const set = sets.open(entry);
  set.seekRandom(keyspace.randomInt);
  MEMBER.write(reply, set);
  set.removeCurrent();
  sets.store(db, entry, key);
  keyspace.dirty++;
}

function popSeveral(call: Call, most: number): void {
  const { db, keyspace, keyspace: { sets }, reply } = call;
  const key = call.key(1);
  const entry = db.findOf(key, Type.Set);
  if (entry === NONE) return reply.set(0);
  const set = sets.open(entry);
  const count = Math.min(most, set.count);
  reply.set(count);
  if (count === set.count) {
    writeAll(reply, set, MEMBER);
    db.delete(entry, keyspace.lazyServerDelete);
  } else {
    popped.clear();
    sample.begin(set, count, keyspace.randomInt);
    while (sample.next()) {
      MEMBER.write(reply, set);
      popped.push(set.position);
    }
    set.removeAll(popped);
    sets.store(db, entry, key);
  }
  keyspace.dirty += count;
}
