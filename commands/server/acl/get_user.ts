/** ACL GETUSER: what a user may do. */

import type { Reply } from "../../../protocol/reply.ts";
import { channelRules, commandRules, flagsOf, keyRules } from "../../../server/acl/description.ts";
import type { Selector } from "../../../server/acl/selector.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { ADMIN_FLAGS } from "./flags.ts";

export const getUser: CommandDeclaration = {
  name: "getuser",
  arity: 3,
  complexity:
    "O(N). Where N is the number of password, command and pattern rules that the user has.",
  group: "server",
  since: "6.0.0",
  summary: "Answers the rules of a user.",
  flags: ADMIN_FLAGS,
  history: [
    ["6.2.0", "Patterns of channels."],
    ["7.0.0", "Selectors; keys and channels as rules, which were lists of patterns."],
  ],
  arguments: [{ name: "username", type: "string" }],
  run({ args, reply, server: { acl } }) {
    const user = acl.users.get(args.byteString(2));
    if (user === undefined) return reply.nil();
    const { passwords, selectors: [root, ...others] } = user;
    reply.map(6);
    reply.bulk("flags");
    const flags = flagsOf(user);
    reply.set(flags.length);
    for (const flag of flags) reply.bulk(flag);
    reply.bulk("passwords");
    reply.array(passwords.length);
    for (const digest of passwords) reply.bulk(digest);
    writeSelector(reply, root);
    reply.bulk("selectors");
    reply.array(others.length);
    for (const selector of others) {
      reply.map(3);
      writeSelector(reply, selector);
    }
  },
};

function writeSelector(reply: Reply, selector: Selector): void {
  reply.bulk("commands");
  reply.byteString(commandRules(selector).join(" "));
  reply.bulk("keys");
  reply.byteString(keyRules(selector).join(" "));
  reply.bulk("channels");
  reply.byteString(channelRules(selector).join(" "));
}
