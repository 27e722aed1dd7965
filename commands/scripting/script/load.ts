/** SCRIPT LOAD script */

import type { CommandDeclaration } from "../../registry.ts";

export const load: CommandDeclaration = {
  name: "load",
  arity: 3,
  complexity: "O(N) with N bytes of the script",
  group: "scripting",
  since: "2.6.0",
  summary: "Makes a script known without running it.",
  flags: ["noscript", "stale"],
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  arguments: [{ name: "script", type: "string" }],
  run({ args, reply, server }) {
    reply.byteString(server.scripting.load(args, 2).program.name);
  },
};
