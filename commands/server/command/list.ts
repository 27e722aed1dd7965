/** COMMAND LIST: names of commands, all or those that pass a filter. */

import { SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { bytesMatcher } from "../../../server/config/name_glob.ts";
import { aclCategories } from "../../acl_categories.ts";
import type { Command } from "../../command.ts";
import type { CommandDeclaration } from "../../declaration.ts";
import { commandsOf } from "../../registry.ts";

/** More than any category has. */
const MAX_CATEGORY_BYTES = 64;

export const list: CommandDeclaration = {
  name: "list",
  arity: -2,
  complexity: "O(N) where N is the number of commands",
  group: "server",
  since: "7.0.0",
  summary: "Answers the names of commands: of all, or of those that pass a filter.",
  flags: ["loading", "stale"],
  categories: ["connection"],
  tips: ["nondeterministic_output_order"],
  arguments: [{
    name: "filterby",
    type: "oneof",
    token: "FILTERBY",
    optional: true,
    arguments: [
      { name: "module-name", type: "string", token: "MODULE" },
      { name: "category", type: "string", token: "ACLCAT" },
      { name: "pattern", type: "pattern", token: "PATTERN" },
    ],
  }],
  run(call) {
    const passes = listFilter(call);
    const names: string[] = [];
    for (const command of commandsOf(call).all()) {
      if (call.server.names.has(command) && passes(command)) names.push(command.fullName);
    }
    call.reply.array(names.length);
    for (const name of names) call.reply.bulk(name);
  },
};

function listFilter(call: Call): (command: Command) => boolean {
  const { args } = call;
  if (call.count === 2) return () => true;
  if (call.count !== 5 || !args.is(2, "FILTERBY")) throw SYNTAX_ERROR;
  // Redis's modules are not Ravel's plugins, and there are none.
  if (args.is(3, "MODULE")) return () => false;
  if (args.is(3, "ACLCAT")) {
    const category = args.byteString(4, MAX_CATEGORY_BYTES).toLowerCase();
    return ({ declaration }) => aclCategories(declaration).includes(category);
  }
  if (!args.is(3, "PATTERN")) throw SYNTAX_ERROR;
  const matches = bytesMatcher(args.bytes, args.start(4), args.length(4));
  return ({ fullName }) => matches(fullName);
}
