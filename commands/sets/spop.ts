/** SPOP key [count] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { EMPTIED, MISSING } from "../../server/keyspace/collections.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { DistinctSample } from "../../structures/set/distinct_sample.ts";
import type { MemberSet } from "../../structures/set/member_set.ts";
import { RefList } from "../../structures/set/ref_list.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { MEMBER, writeAll } from "../members/member_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

const sample = new DistinctSample();
const popped = new RefList();
const SPOP = event("set", "spop");
/** Members that stay are few where this times them is no more than those that go. */
const FEW_FACTOR = 5;

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
    const { keyspace: { sets }, reply } = call;
    if (call.count > 3) throw SYNTAX_ERROR;
    if (call.count === 2) {
      if (sets.changePresent(call, 1, popOne, SPOP) === MISSING) reply.nil();
    } else {
      countArgument(call, 2);
      if (sets.changePresent(call, 1, popSeveral, SPOP) === MISSING) reply.set(0);
    }
  },
});

function popOne({ keyspace, reply }: Call, set: MemberSet): number {
  set.seekRandom(keyspace.randomInt);
  MEMBER.write(reply, set);
  set.removeCurrent();
  return 1;
}

function popSeveral(call: Call, set: MemberSet): number {
  const { db, keyspace, reply } = call;
  const count = Math.min(countArgument(call, 2), set.count);
  reply.set(count);
  if (count === set.count) {
    // As in Redis, whoever takes all of a set reads it as a union does, which counts as a hit.
    db.readOf(call.key(1), Type.Set);
    writeAll(reply, set, MEMBER);
    return EMPTIED;
  }
  popped.clear();
  sample.begin(set, count, keyspace.randomInt);
  while (sample.next()) {
    MEMBER.write(reply, set);
    popped.push(set.position);
  }
  set.removeAll(popped);
  // As in Redis, what is little beside what was taken is a set made anew.
  if (set.count * FEW_FACTOR <= count) set.shrink();
  return count;
}
