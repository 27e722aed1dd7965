/** FUNCTION LOAD: a library gets in. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { TO_ALL_SHARDS } from "./tips.ts";

const FIRST_OPTION = 2;

export const load: CommandDeclaration = {
  name: "load",
  arity: -3,
  complexity: "O(N) where N is the number of bytes of the library, and what it does as it loads",
  group: "scripting",
  since: "7.0.0",
  summary: "Loads a library, which registers its functions.",
  differs: "Functions of one library whose names differ in case alone are refused.",
  flags: ["write", "denyoom", "noscript"],
  tips: TO_ALL_SHARDS,
  arguments: [
    { name: "replace", type: "pure-token", token: "REPLACE", optional: true },
    { name: "function-code", type: "string" },
  ],
  run(call) {
    const { args, count, keyspace, reply, server } = call;
    const replaces = isReplacing(call);
    const name = server.functions.load(args.byteString(count - 1), replaces);
    keyspace.changes.count(1);
    reply.byteString(name);
  },
};

/** Whether REPLACE is given, once or more. @throws {ErrorReply} for any other option */
function isReplacing({ args, count }: Call): boolean {
  for (let i = FIRST_OPTION; i < count - 1; i++) {
    if (!args.is(i, "REPLACE")) {
      throw new ErrorReply(`ERR Unknown option given: ${args.quoted(i)}`);
    }
  }
  return count - 1 > FIRST_OPTION;
}
