/**
 * ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member …]
 *
 * Options come first, and may all be given more than once.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import { oneOf } from "../arguments/one_of.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { applyScores, GT, INCR, LT, NX, readScores, XX, ZADD, ZINCR } from "./score_change.ts";
import { scoreChangePrefetch } from "./score_change_prefetch.ts";
import { optionAt } from "./score_options.ts";

const NX_WITH_XX = new ErrorReply("ERR XX and NX options at the same time are not compatible");
const GT_LT_NX = new ErrorReply(
  "ERR GT, LT, and/or NX options at the same time are not compatible",
);
const INCR_WITH_PAIRS = new ErrorReply("ERR INCR option supports a single increment-element pair");

register({
  name: "zadd",
  arity: -4,
  complexity: "O(log(N)) for each pair, N being the number of elements",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Adds members with scores to a sorted set, or gives members that it has other scores.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "update"),
  history: [
    ["2.4.0", "More than one pair."],
    ["3.0.2", "XX, NX, CH and INCR."],
    ["6.2.0", "GT and LT."],
  ],
  arguments: [
    { name: "key", type: "key" },
    oneOf("condition", ["NX", "XX"], { optional: true, since: "3.0.2" }),
    oneOf("comparison", ["GT", "LT"], { optional: true, since: "6.2.0" }),
    { name: "change", type: "pure-token", token: "CH", optional: true, since: "3.0.2" },
    { name: "increment", type: "pure-token", token: "INCR", optional: true, since: "3.0.2" },
    {
      name: "data",
      type: "block",
      multiple: true,
      arguments: [
        { name: "score", type: "double" },
        { name: "member", type: "string" },
      ],
    },
  ],
  prefetch: scoreChangePrefetch,
  run(call) {
    const { args, keyspace: { sortedSets }, reply } = call;
    let options = 0;
    let first = 2;
    while (first < call.count) {
      const option = optionAt(args, first);
      if (option === 0) break;
      options |= option;
      first++;
    }
    const pairs = (call.count - first) / 2;
    if (pairs === 0 || pairs !== Math.trunc(pairs)) throw SYNTAX_ERROR;
    checkCompatible(options, pairs);
    readScores(call, options, first);
    const event = (options & INCR) !== 0 ? ZINCR : ZADD;
    if ((options & XX) === 0) sortedSets.change(call, 1, applyScores, event);
    else if (sortedSets.changePresent(call, 1, applyScores, event) === MISSING) {
      if ((options & INCR) !== 0) reply.nil();
      else reply.integer(0);
    }
  },
});

function checkCompatible(options: number, pairs: number): void {
  if ((options & (NX | XX)) === (NX | XX)) throw NX_WITH_XX;
  const exclusive = options & (NX | GT | LT);
  if ((exclusive & (exclusive - 1)) !== 0) throw GT_LT_NX;
  if ((options & INCR) !== 0 && pairs > 1) throw INCR_WITH_PAIRS;
}
