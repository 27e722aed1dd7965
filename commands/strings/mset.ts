/** MSET key value [key value …] */

import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SET } from "./events.ts";

register({
  name: "mset",
  arity: -3,
  complexity: "O(N) with N keys",
  group: "string",
  since: "1.0.1",
  summary: "Makes several keys hold strings, all at once.",
  flags: ["write", "denyoom"],
  tips: ["request_policy:multi_shard", "response_policy:all_succeeded"],
  keys: keyRange(1, -1, 2, "OW", "update"),
  arguments: [
    {
      name: "data",
      type: "block",
      multiple: true,
      arguments: [
        { name: "key", type: "key" },
        { name: "value", type: "string" },
      ],
    },
  ],
  run(call) {
    const { args, keyspace, reply } = call;
    const { strings } = keyspace;
    if (call.count % 2 === 0) throw call.wrongArity();
    // The call has room for the pairs, as for any request; all are written, or none.
    if (call.count > 3) call.db.reserveInserts((call.count - 1) / 2);
    for (let i = 1; i < call.count; i += 2) {
      strings.set(call, i, args.bytes, args.start(i + 1), args.length(i + 1), SET);
    }
    reply.ok();
  },
});
