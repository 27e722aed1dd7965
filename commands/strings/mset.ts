/** MSET key value [key value …] */

import type { Call } from "../../server/execution/call.ts";
import { stringBytes } from "../../server/keyspace/strings.ts";
import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";

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
    if (call.count > 3) reserve(call);
    for (let i = 1; i < call.count; i += 2) {
      strings.set(call, i, args.bytes, args.start(i + 1), args.length(i + 1));
    }
    reply.ok();
  },
});

/** Has room promised for all pairs: where memory is full, none is written. O(pairs). */
function reserve({ args, count, db }: Call): void {
  let bytes = 0;
  for (let i = 1; i < count; i += 2) {
    bytes += stringBytes(args.length(i), args.length(i + 1));
  }
  db.reserveInserts((count - 1) / 2, bytes);
}
