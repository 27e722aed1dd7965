/** SINTERCARD numkeys key [key …] [LIMIT limit] */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { limitOption } from "../arguments/intersection_count.ts";
import { countedKeys } from "../key_spec.ts";
import { countCommon, openSources } from "../members/algebra_sources.ts";
import { register } from "../registry.ts";

const BAD_KEY_COUNT = new ErrorReply("ERR numkeys should be greater than 0");
const TOO_MANY_KEYS = new ErrorReply("ERR Number of keys can't be greater than number of args");

register({
  name: "sintercard",
  arity: -3,
  complexity: "O(N*M) at the most, with M sets and N members in the smallest",
  group: "set",
  since: "7.0.0",
  summary: "Counts the members that several sets have in common.",
  flags: ["readonly"],
  keys: countedKeys(1, "RO", "access"),
  arguments: [
    { name: "numkeys", type: "integer" },
    { name: "key", type: "key", multiple: true },
    { name: "limit", type: "integer", token: "LIMIT", optional: true },
  ],
  run(call) {
    const keys = Number(call.args.int64(1) ?? 0n);
    if (keys < 1) throw BAD_KEY_COUNT;
    if (keys > call.count - 2) throw TOO_MANY_KEYS;
    const limit = limitOption(call, 2 + keys);
    call.reply.integer(countCommon(openSources(call, 2, keys, false), limit));
  },
});
