/** FUNCTION DUMP and RESTORE: libraries as bytes that any server takes. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import type { RestorePolicy } from "../../../server/scripting/functions/functions.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { TO_ALL_SHARDS } from "./tips.ts";

const NO_POLICY = new ErrorReply(
  "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.",
);

export const dump: CommandDeclaration = {
  name: "dump",
  arity: 2,
  complexity: "O(N) where N is the number of bytes of all libraries",
  group: "scripting",
  since: "7.0.0",
  summary: "Answers all libraries as bytes, from which FUNCTION RESTORE makes them again.",
  flags: ["noscript"],
  run({ reply, server: { config, functions } }) {
    try {
      reply.bulkView(functions.dump(config.rdbCompression));
    } finally {
      functions.releaseDump();
    }
  },
};

export const restore: CommandDeclaration = {
  name: "restore",
  arity: -3,
  complexity: "O(N) where N is the number of bytes of the libraries, and what they do as they load",
  group: "scripting",
  since: "7.0.0",
  summary: "Loads the libraries of a dump, all or none.",
  differs: "A library that takes longer than 500 ms to load is refused, as by FUNCTION LOAD.",
  flags: ["write", "denyoom", "noscript"],
  tips: TO_ALL_SHARDS,
  arguments: [
    { name: "serialized-value", type: "string" },
    oneOf("policy", ["FLUSH", "APPEND", "REPLACE"], { optional: true }),
  ],
  run(call) {
    const { args, keyspace, reply, server } = call;
    const policy = policyOf(call);
    server.functions.restore(args.bytes, args.start(2), args.length(2), policy);
    keyspace.changes.count(1);
    reply.ok();
  },
};

/** What is to become of the libraries that are there. @throws {ErrorReply} */
function policyOf({ args, count }: Call): RestorePolicy {
  if (count > 4) throw new ErrorReply(unknownForm(args));
  if (count === 3 || args.is(3, "APPEND")) return "append";
  if (args.is(3, "REPLACE")) return "replace";
  if (args.is(3, "FLUSH")) return "flush";
  throw NO_POLICY;
}
