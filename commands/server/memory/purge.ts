/** MEMORY PURGE */

import type { CommandDeclaration } from "../../declaration.ts";

export const purge: CommandDeclaration = {
  name: "purge",
  arity: 2,
  complexity: "Depends on how much memory is allocated, could be slow",
  group: "server",
  since: "4.0.0",
  summary: "Gives memory back to the system that nothing is in.",
  flags: [],
  tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
  run({ reply, server }) {
    server.upkeep.releaseMemory();
    reply.ok();
  },
};
