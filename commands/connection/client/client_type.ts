/** The kinds of clients that CLIENT LIST and CLIENT KILL tell apart. */

import type { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ClientClass } from "../../../server/execution/client.ts";
import type { ArgumentDeclaration } from "../../registry.ts";

/** The class of clients that a type is; replication is not there, so nobody is of the others. */
const CLASSES: readonly (readonly [type: string, of: ClientClass | undefined])[] = [
  ["NORMAL", "normal"],
  ["PUBSUB", "pubsub"],
  ["REPLICA", "replica"],
  ["SLAVE", "replica"],
  ["MASTER", undefined],
];

/** The argument that names a type; `withSlave`: under its old name, too. */
export function typeArgument(since: string, withSlave: boolean): ArgumentDeclaration {
  return {
    name: "client-type",
    type: "oneof",
    token: "TYPE",
    optional: true,
    since,
    arguments: [
      { name: "normal", type: "pure-token", token: "NORMAL" },
      { name: "master", type: "pure-token", token: "MASTER", since: "3.2.0" },
      ...(withSlave ? [{ name: "slave", type: "pure-token", token: "SLAVE" } as const] : []),
      { name: "replica", type: "pure-token", token: "REPLICA", since: "5.0.0" },
      { name: "pubsub", type: "pure-token", token: "PUBSUB" },
    ],
  };
}

/**
 * The class of clients that argument `i` names, undefined for one that nobody is of.
 *
 * @throws {ErrorReply} for no type
 */
export function clientClass(args: Arguments, i: number): ClientClass | undefined {
  const found = CLASSES.find(([type]) => args.is(i, type));
  if (found === undefined) throw new ErrorReply(`ERR Unknown client type '${args.quoted(i)}'`);
  return found[1];
}
