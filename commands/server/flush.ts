/** FLUSHDB and FLUSHALL, which differ in what they empty and in nothing else. */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { CommandDeclaration } from "../registry.ts";

/**
 * The declaration of a flush.
 *
 * @param scope what it empties, as a sentence about its keys has it
 * @param flush empties it, in the background where `lazily`
 */
export function flushDeclaration(
  name: string,
  scope: string,
  flush: (call: Call, lazily: boolean) => void,
): CommandDeclaration {
  return {
    name,
    arity: -1,
    complexity: `O(N) where N is the number of keys in ${scope}; O(1) with ASYNC`,
    group: "server",
    since: "1.0.0",
    summary: `Removes every key of ${scope}.`,
    flags: ["write"],
    categories: ["keyspace", "dangerous"],
    tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
    history: [["4.0.0", "ASYNC."], ["6.2.0", "SYNC."]],
    arguments: [{
      name: "flush-type",
      type: "oneof",
      optional: true,
      arguments: [
        { name: "async", type: "pure-token", token: "ASYNC", since: "4.0.0" },
        { name: "sync", type: "pure-token", token: "SYNC", since: "6.2.0" },
      ],
    }],
    run(call) {
      flush(call, flushesLazily(call));
      call.reply.ok();
    },
  };
}

/** As the option says, or as it is configured. @throws {ErrorReply} for anything else */
function flushesLazily({ args, count, server }: Call): boolean {
  if (count === 1) return server.config.lazyFreeLazyUserFlush;
  if (count === 2 && args.is(1, "ASYNC")) return true;
  if (count === 2 && args.is(1, "SYNC")) return false;
  throw SYNTAX_ERROR;
}
