/** ZRANK key member [WITHSCORE] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "zrank",
  arity: -3,
  complexity: "O(log(N)), N being the number of elements",
  group: "sorted-set",
  since: "2.0.0",
  summary: "Answers how many elements of a sorted set come before a member.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  history: [["7.2.0", "WITHSCORE."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string" },
    { name: "withscore", type: "pure-token", token: "WITHSCORE", optional: true },
  ],
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    const { args, reply } = call;
    if (call.count > 4) throw call.wrongArity();
    const withScore = call.count === 4;
    if (withScore && !args.is(3, "WITHSCORE")) throw SYNTAX_ERROR;
    const set = call.keyspace.sortedSets.read(call, 1);
    if (set === undefined || !set.find(args.bytes, args.start(2), args.length(2))) {
      if (withScore) reply.nilArray();
      else reply.nil();
      return;
    }
    if (withScore) reply.array(2);
    reply.integer(set.rank());
    if (withScore) reply.double(set.score);
  },
});
