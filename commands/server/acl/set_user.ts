/** ACL SETUSER and DELUSER: users are made, changed and taken away. */

import type { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import { hasSpaces } from "../../../server/acl/selector_rules.ts";
import { DEFAULT_USER } from "../../../server/acl/users.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { ADMIN_FLAGS, ALL_NODES } from "./flags.ts";

const BAD_NAME = new ErrorReply("ERR Usernames can't contain spaces or null characters");
const NOT_REMOVABLE = new ErrorReply("ERR The 'default' user cannot be removed");

export const setUser: CommandDeclaration = {
  name: "setuser",
  arity: -3,
  complexity: "O(N). Where N is the number of rules provided.",
  group: "server",
  since: "6.0.0",
  summary: "Makes a user, or changes its rules.",
  flags: ADMIN_FLAGS,
  tips: ALL_NODES,
  history: [
    ["6.2.0", "Patterns of channels."],
    ["7.0.0", "Selectors, and keys to read or to write alone."],
  ],
  arguments: [
    { name: "username", type: "string" },
    { name: "rule", type: "string", optional: true, multiple: true },
  ],
  sensitive({ count }, hide) {
    for (let i = 2; i < count; i++) hide(i);
  },
  run({ args, client, reply, server: { acl } }) {
    const name = args.byteString(2);
    if (hasSpaces(name)) throw BAD_NAME;
    const problem = acl.setUser(name, wordsFrom(args, 3), client.author);
    if (problem !== undefined) throw new ErrorReply(`ERR ${problem}`);
    reply.ok();
  },
};

export const delUser: CommandDeclaration = {
  name: "deluser",
  arity: -3,
  complexity: "O(1) amortized time considering the typical user.",
  group: "server",
  since: "6.0.0",
  summary: "Takes users away, and ends their connections.",
  flags: ADMIN_FLAGS,
  tips: ALL_NODES,
  arguments: [{ name: "username", type: "string", multiple: true }],
  run({ args, client, reply, server: { acl } }) {
    const names = wordsFrom(args, 2);
    if (names.includes(DEFAULT_USER)) throw NOT_REMOVABLE;
    reply.integer(acl.deleteUsers(names, client.author));
  },
};

function wordsFrom(args: Arguments, from: number): ByteString[] {
  const words: ByteString[] = [];
  for (let i = from; i < args.count; i++) words.push(args.byteString(i));
  return words;
}
