import { register } from "../registry.ts";
import { FLUSH_ARGUMENTS, FLUSH_HISTORY, flushesLazily } from "./flush.ts";

register({
  name: "flushall",
  arity: -1,
  complexity: "O(N) where N is the number of keys in all databases; O(1) with ASYNC",
  group: "server",
  since: "1.0.0",
  summary: "Removes every key of every database.",
  flags: ["write"],
  categories: ["keyspace", "dangerous"],
  tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
  history: FLUSH_HISTORY,
  arguments: FLUSH_ARGUMENTS,
  run(call) {
    const { keyspace, reply } = call;
    const lazily = flushesLazily(call);
    keyspace.dirty += keyspace.size;
    keyspace.flushAll(lazily);
    reply.ok();
  },
});
