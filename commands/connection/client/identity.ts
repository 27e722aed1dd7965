/** CLIENT ID, GETNAME, SETNAME and SETINFO: who a client is. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { CommandDeclaration, CommandFlag } from "../../registry.ts";
import { attributeArgument } from "./attribute.ts";

const FLAGS: readonly CommandFlag[] = ["noscript", "loading", "stale"];

export const id: CommandDeclaration = {
  name: "id",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "5.0.0",
  summary: "Answers the connection's number.",
  flags: FLAGS,
  run: ({ client, reply }) => reply.integer(client.id),
};

export const getName: CommandDeclaration = {
  name: "getname",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "2.6.9",
  summary: "Answers the name that the connection was given.",
  flags: FLAGS,
  run({ client, reply }) {
    if (client.name === "") reply.nil();
    else reply.bulk(client.name);
  },
};

export const setName: CommandDeclaration = {
  name: "setname",
  arity: 3,
  complexity: "O(1)",
  group: "connection",
  since: "2.6.9",
  summary: "Gives the connection a name; an empty one takes it away.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  arguments: [{ name: "connection-name", type: "string" }],
  run({ args, client, reply }) {
    client.name = attributeArgument(args, 2, "Client names");
    reply.ok();
  },
};

export const setInfo: CommandDeclaration = {
  name: "setinfo",
  arity: 4,
  complexity: "O(1)",
  group: "connection",
  since: "7.2.0",
  summary: "Notes which library, in which version, the client uses.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  arguments: [{
    name: "attr",
    type: "oneof",
    arguments: [
      { name: "libname", type: "string", token: "LIB-NAME" },
      { name: "libver", type: "string", token: "LIB-VER" },
    ],
  }],
  run({ args, client, reply }) {
    const isName = args.is(2, "LIB-NAME");
    if (!isName && !args.is(2, "LIB-VER")) {
      throw new ErrorReply(`ERR Unrecognized option '${args.quoted(2)}'`);
    }
    const value = attributeArgument(args, 3, args.quoted(2));
    if (isName) client.libraryName = value;
    else client.libraryVersion = value;
    reply.ok();
  },
};
