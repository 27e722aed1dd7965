/**
 * ZPOPMIN key [count]
 *
 * Without a count the reply is flat in every protocol: there is only one pair.
 */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { scoresFor, WithScores, writeElements } from "./elements_reply.ts";

register({
  name: "zpopmin",
  arity: -2,
  complexity: "O(log(N)*M), N being the number of elements and M that of elements popped",
  group: "sorted-set",
  since: "5.0.0",
  summary: "Takes the elements with the lowest scores out of a sorted set and answers them.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "access", "delete"),
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer", optional: true },
  ],
  run(call) {
    const { db, keyspace, reply } = call;
    if (call.count > 3) throw SYNTAX_ERROR;
    const most = call.count === 2 ? 1 : countArgument(call, 2);
    const key = call.key(1);
    const entry = db.findOf(key, Type.SortedSet);
    if (entry === NONE || most === 0) return reply.array(0);
    const set = keyspace.sortedSets.open(entry);
    const count = set.rangeByRank(0, most - 1, false);
    writeElements(reply, set, count, call.count === 2 ? WithScores.Flat : scoresFor(reply));
    if (count === set.count) {
      db.delete(entry, false);
    } else {
      set.seekFirst();
      set.removeRun(count);
      keyspace.sortedSets.store(db, entry, key);
    }
    keyspace.dirty += count;
  },
});
