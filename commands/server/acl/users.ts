/** ACL LIST, USERS and WHOAMI: which users there are, and who the client is. */

import { userLine } from "../../../server/acl/description.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { ADMIN_FLAGS, OPEN_FLAGS } from "./flags.ts";

export const list: CommandDeclaration = {
  name: "list",
  arity: 2,
  complexity: "O(N). Where N is the number of configured users.",
  group: "server",
  since: "6.0.0",
  summary: "Answers all users with their rules, each as a line of an ACL file.",
  flags: ADMIN_FLAGS,
  run({ reply, server: { acl } }) {
    reply.array(acl.users.size);
    for (const user of acl.users.inOrder()) reply.byteString(userLine(user));
  },
};

export const users: CommandDeclaration = {
  name: "users",
  arity: 2,
  complexity: "O(N). Where N is the number of configured users.",
  group: "server",
  since: "6.0.0",
  summary: "Answers the names of all users.",
  flags: ADMIN_FLAGS,
  run({ reply, server: { acl } }) {
    reply.array(acl.users.size);
    for (const { name } of acl.users.inOrder()) reply.byteString(name);
  },
};

export const whoAmI: CommandDeclaration = {
  name: "whoami",
  arity: 2,
  complexity: "O(1)",
  group: "server",
  since: "6.0.0",
  summary: "Answers as which user the connection acts.",
  flags: OPEN_FLAGS,
  run: ({ client, reply }) => reply.byteString(client.author.user.name),
};
