/** The kinds of clients that CLIENT LIST and CLIENT KILL tell apart. */

import type { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ArgumentDeclaration } from "../../registry.ts";

const NORMAL = "NORMAL";
/** Replication and subscriptions are not there, so nobody is one of these. */
const OTHERS = ["MASTER", "REPLICA", "SLAVE", "PUBSUB"];

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

/** Whether the type that argument `i` names is every client's. @throws {ErrorReply} for no type */
export function isEveryClientsType(args: Arguments, i: number): boolean {
  if (args.is(i, NORMAL)) return true;
  if (OTHERS.some((type) => args.is(i, type))) return false;
  throw new ErrorReply(`ERR Unknown client type '${args.quoted(i)}'`);
}
