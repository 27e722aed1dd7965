/** FUNCTION KILL: ends a function that runs for too long. */

import type { CommandDeclaration } from "../../registry.ts";

export const kill: CommandDeclaration = {
  name: "kill",
  arity: 2,
  complexity: "O(1)",
  group: "scripting",
  since: "7.0.0",
  summary: "Ends the function that runs, if it has not written anything.",
  flags: ["noscript", "allow_busy"],
  tips: ["request_policy:all_shards", "response_policy:one_succeeded"],
  run: (call) => call.server.scripting.kill(call, false),
};
