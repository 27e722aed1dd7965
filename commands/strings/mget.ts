/** MGET key [key …] */

import { NONE } from "../../structures/arena/arena.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "mget",
  arity: -2,
  complexity: "O(N) with N keys",
  group: "string",
  since: "1.0.0",
  summary: "Answers the strings that several keys hold, nil for a key that holds none.",
  flags: ["readonly", "fast"],
  tips: ["request_policy:multi_shard"],
  keys: keyRange(1, -1, 1, "RO", "access"),
  arguments: [{ name: "key", type: "key", multiple: true }],
  run(call) {
    const { db, keyspace, reply } = call;
    const { entries, strings } = keyspace;
    reply.array(call.count - 1);
    for (let i = 1; i < call.count; i++) {
      const entry = db.read(call.key(i));
      if (entry === NONE || entries.type(entry) !== Type.String) reply.nil();
      else reply.bulkView(strings.view(entry));
    }
  },
});
