/** FUNCTION DELETE and FLUSH: libraries go. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { TO_ALL_SHARDS } from "./tips.ts";

const NO_LIBRARY = new ErrorReply("ERR Library not found");
const NO_WAY_TO_FLUSH = new ErrorReply("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");

export const deleteLibrary: CommandDeclaration = {
  name: "delete",
  arity: 3,
  complexity: "O(N) where N is the number of the library's functions",
  group: "scripting",
  since: "7.0.0",
  summary: "Removes a library and its functions.",
  flags: ["write", "noscript"],
  tips: TO_ALL_SHARDS,
  arguments: [{ name: "library-name", type: "string" }],
  run({ args, keyspace, reply, server }) {
    if (!server.functions.delete(args.byteString(2))) throw NO_LIBRARY;
    keyspace.changes.count(1);
    reply.ok();
  },
};

export const flush: CommandDeclaration = {
  name: "flush",
  arity: -2,
  complexity: "O(1)",
  group: "scripting",
  since: "7.0.0",
  summary: "Removes all libraries and their functions.",
  flags: ["write", "noscript"],
  tips: TO_ALL_SHARDS,
  arguments: [oneOf("flush-type", ["ASYNC", "SYNC"], { optional: true })],
  run({ args, count, keyspace, reply, server }) {
    if (count > 3) throw new ErrorReply(unknownForm(args));
    // What is let go of is collected by the runtime, whichever way is asked for.
    if (count === 3 && !args.is(2, "SYNC") && !args.is(2, "ASYNC")) throw NO_WAY_TO_FLUSH;
    server.functions.flush();
    keyspace.changes.count(1);
    reply.ok();
  },
};
