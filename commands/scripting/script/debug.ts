/** SCRIPT DEBUG YES | SYNC | NO: there is no debugger, so it can only be off. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { CommandDeclaration } from "../../registry.ts";

const BAD_MODE = new ErrorReply("ERR Use SCRIPT DEBUG YES/SYNC/NO");
const NO_DEBUGGER = new ErrorReply("ERR Ravel has no debugger for scripts");

export const debug: CommandDeclaration = {
  name: "debug",
  arity: 3,
  complexity: "O(1)",
  group: "scripting",
  since: "3.2.0",
  summary: "Says whether scripts are debugged: never.",
  differs: "YES and SYNC are refused: there is no debugger.",
  flags: ["noscript"],
  arguments: [oneOf("mode", ["YES", "SYNC", "NO"])],
  run({ args, reply }) {
    if (args.is(2, "YES") || args.is(2, "SYNC")) throw NO_DEBUGGER;
    if (!args.is(2, "NO")) throw BAD_MODE;
    reply.ok();
  },
};
