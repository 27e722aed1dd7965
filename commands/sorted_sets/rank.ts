/** ZRANK and ZREVRANK: how many elements stand before a member, from either end. */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

/** What differs between ZRANK and ZREVRANK. */
export interface RankForm {
  name: string;
  summary: string;
  /** Whether ranks are counted from the highest element down. */
  reverse: boolean;
}

/** The declaration of a command that answers the rank of a member. */
export function rankCommand(form: RankForm): CommandDeclaration {
  const { reverse, ...declared } = form;
  return {
    ...declared,
    arity: -3,
    complexity: "O(log(N)), N being the number of elements",
    group: "sorted-set",
    since: "2.0.0",
    flags: ["readonly", "fast"],
    keys: key(1, "RO", "access"),
    history: [["7.2.0", "WITHSCORE."]],
    arguments: [
      { name: "key", type: "key" },
      { name: "member", type: "string" },
      { name: "withscore", type: "pure-token", token: "WITHSCORE", optional: true },
    ],
    members: { first: 2, last: 2, step: 1 },
    run: (call) => replyRank(call, reverse),
  };
}

function replyRank(call: Call, reverse: boolean): void {
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
  const rank = set.rank();
  if (withScore) reply.array(2);
  reply.integer(reverse ? set.count - 1 - rank : rank);
  if (withScore) reply.double(set.score);
}
