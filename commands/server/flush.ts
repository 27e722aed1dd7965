/** What FLUSHDB and FLUSHALL share: their one option. */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/call.ts";
import type { ArgumentDeclaration } from "../registry.ts";

export const FLUSH_HISTORY = [["4.0.0", "ASYNC."], ["6.2.0", "SYNC."]] as const;

export const FLUSH_ARGUMENTS: readonly ArgumentDeclaration[] = [{
  name: "flush-type",
  type: "oneof",
  optional: true,
  arguments: [
    { name: "async", type: "pure-token", token: "ASYNC", since: "4.0.0" },
    { name: "sync", type: "pure-token", token: "SYNC", since: "6.2.0" },
  ],
}];

/** Whether a flush frees in the background: as its option says, or as it is configured. */
export function flushesLazily({ args, count, server }: Call): boolean {
  if (count === 1) return server.config.lazyFreeLazyUserFlush;
  if (count === 2 && args.is(1, "ASYNC")) return true;
  if (count === 2 && args.is(1, "SYNC")) return false;
  throw SYNTAX_ERROR;
}
