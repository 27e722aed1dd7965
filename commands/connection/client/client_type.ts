/** The kinds of clients that CLIENT LIST and CLIENT KILL tell apart. */

import type { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ClientClass } from "../../../server/execution/client.ts";
import type { ArgumentDeclaration } from "../../registry.ts";

/** The argument that names a type; `isOld`: it is older than some of the names. */
export function typeArgument(since: string, isOld: boolean): ArgumentDeclaration {
  const at = (version: string) => isOld ? { since: version } : {};
  return {
    name: "client-type",
    type: "oneof",
    token: "TYPE",
    optional: true,
    since,
    arguments: [
      { name: "normal", type: "pure-token", token: "NORMAL" },
      { name: "master", type: "pure-token", token: "MASTER", ...at("3.2.0") },
      ...(isOld ? [{ name: "slave", type: "pure-token", token: "SLAVE" } as const] : []),
      { name: "replica", type: "pure-token", token: "REPLICA", ...at("5.0.0") },
      { name: "pubsub", type: "pure-token", token: "PUBSUB" },
    ],
  };
}

/** The class that argument `i` names; undefined: the primary's, which nobody has. @throws {ErrorReply} */
export function classArgument(args: Arguments, i: number): ClientClass | undefined {
  if (args.is(i, "NORMAL")) return "normal";
  if (args.is(i, "REPLICA") || args.is(i, "SLAVE")) return "replica";
  if (args.is(i, "PUBSUB")) return "pubsub";
  if (args.is(i, "MASTER")) return undefined;
  throw new ErrorReply(`ERR Unknown client type '${args.quoted(i)}'`);
}
