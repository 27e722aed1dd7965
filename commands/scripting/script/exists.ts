/** SCRIPT EXISTS sha1 [sha1 …] */

import type { CommandDeclaration } from "../../registry.ts";

export const exists: CommandDeclaration = {
  name: "exists",
  arity: -3,
  complexity: "O(N) with N digests",
  group: "scripting",
  since: "2.6.0",
  summary: "Tells which scripts are known.",
  flags: ["noscript"],
  tips: ["request_policy:all_shards", "response_policy:agg_logical_and"],
  arguments: [{ name: "sha1", type: "string", multiple: true }],
  run({ args, count, reply, server }) {
    reply.array(count - 2);
    for (let i = 2; i < count; i++) {
      reply.integer(server.scripting.knows(args, i) ? 1 : 0);
    }
  },
};
