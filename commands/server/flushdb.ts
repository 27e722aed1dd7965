import { register } from "../registry.ts";
import { FLUSH_ARGUMENTS, FLUSH_HISTORY, flushesLazily } from "./flush.ts";

register({
  name: "flushdb",
  arity: -1,
  complexity: "O(N) where N is the number of keys in the selected database; O(1) with ASYNC",
  group: "server",
  since: "1.0.0",
  summary: "Removes every key of the selected database.",
  flags: ["write"],
  categories: ["keyspace", "dangerous"],
  tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
  history: FLUSH_HISTORY,
  arguments: FLUSH_ARGUMENTS,
  run(call) {
    const { db, keyspace, reply } = call;
    const lazily = flushesLazily(call);
    keyspace.dirty += db.size;
    db.flush(lazily);
    reply.ok();
  },
});
