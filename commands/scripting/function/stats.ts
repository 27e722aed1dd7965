/** FUNCTION STATS: the function that runs, and how many there are. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import { ENGINE_NAME } from "../../../server/scripting/functions/library_header.ts";
import type { CommandDeclaration } from "../../registry.ts";

const SCRIPT_RUNS = new ErrorReply(
  "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
);

export const stats: CommandDeclaration = {
  name: "stats",
  arity: 2,
  complexity: "O(1)",
  group: "scripting",
  since: "7.0.0",
  summary: "Tells of the function that runs, and how many libraries and functions there are.",
  flags: ["noscript", "allow_busy"],
  tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
  run({ reply, server }) {
    const { functions: { libraries }, scripting: { running } } = server;
    if (running?.isEval === true) throw SCRIPT_RUNS;
    reply.map(2);
    reply.bulk("running_script");
    if (running === undefined) reply.nil();
    else {
      reply.map(3);
      reply.bulk("name");
      reply.byteString(running.name);
      reply.bulk("command");
      reply.array(running.words.length);
      for (const word of running.words) reply.byteString(word);
      reply.bulk("duration_ms");
      reply.integer(Math.floor(running.elapsedMs));
    }
    reply.bulk("engines");
    reply.map(1);
    reply.bulk(ENGINE_NAME);
    reply.map(2);
    reply.bulk("libraries_count");
    reply.integer(libraries.count);
    reply.bulk("functions_count");
    reply.integer(libraries.functions.count);
  },
};
