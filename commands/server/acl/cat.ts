/** ACL CAT: the categories of commands, or the commands of one. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import { ACL_CATEGORIES, categoryBit } from "../../../server/acl/categories.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import { type CommandDeclaration, commandsOf } from "../../registry.ts";
import { OPEN_FLAGS } from "./flags.ts";

/** More than any category has. */
const MAX_CATEGORY_BYTES = 64;

export const cat: CommandDeclaration = {
  name: "cat",
  arity: -2,
  complexity: "O(1) since the categories and commands are a fixed set.",
  group: "server",
  since: "6.0.0",
  summary: "Answers the categories that rules may name, or the commands of one of them.",
  flags: OPEN_FLAGS,
  arguments: [{ name: "category", type: "string", optional: true }],
  run(call) {
    const { args, count, reply } = call;
    if (count > 3) throw new ErrorReply(unknownForm(args));
    if (count === 2) {
      reply.array(ACL_CATEGORIES.length);
      for (const category of ACL_CATEGORIES) reply.bulk(category);
      return;
    }
    const bit = categoryBit(args.byteString(2, MAX_CATEGORY_BYTES).toLowerCase());
    if (bit === 0) throw new ErrorReply(`ERR Unknown category '${args.quoted(2)}'`);
    const names: string[] = [];
    for (const { categories, fullName } of commandsOf(call).all()) {
      if ((categories & bit) !== 0) names.push(fullName);
    }
    reply.array(names.length);
    for (const name of names) reply.bulk(name);
  },
};
