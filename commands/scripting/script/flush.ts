/** SCRIPT FLUSH [ASYNC | SYNC] */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { CommandDeclaration } from "../../registry.ts";

const BAD_MODE = new ErrorReply("ERR SCRIPT FLUSH only support SYNC|ASYNC option");

export const flush: CommandDeclaration = {
  name: "flush",
  arity: -2,
  complexity: "O(1)",
  group: "scripting",
  since: "2.6.0",
  summary: "Forgets all scripts.",
  flags: ["noscript"],
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  history: [["6.2.0", "ASYNC and SYNC."]],
  arguments: [oneOf("flush-type", ["ASYNC", "SYNC"], { optional: true, since: "6.2.0" })],
  run({ args, count, reply, server }) {
    const isRight = count === 2 || count === 3 && (args.is(2, "ASYNC") || args.is(2, "SYNC"));
    if (!isRight) throw BAD_MODE;
    // Either way it is the runtime that frees them, when it finds the time.
    server.scripting.flush();
    reply.ok();
  },
};
