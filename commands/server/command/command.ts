/** COMMAND: all that the registry knows, for clients to read. */

import { SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { aclCategories } from "../../acl_categories.ts";
import { matchesGlob } from "../../../structures/bytes/glob.ts";
import { withHelp } from "../../help.ts";
import {
  allCommands,
  allCommandsAndSubcommands,
  type Command,
  commandByName,
  commandCount,
  type CommandDeclaration,
  type CommandFlag,
  register,
} from "../../registry.ts";
import { writeCommandDocs } from "./docs_reply.ts";
import { writeCommandInfo } from "./info_reply.ts";
import { getKeys, getKeysAndFlags } from "./keys.ts";

const FLAGS: readonly CommandFlag[] = ["loading", "stale"];
const CATEGORIES = ["connection"];
const ANY_ORDER = ["nondeterministic_output_order"];

const count: CommandDeclaration = {
  name: "count",
  arity: 2,
  complexity: "O(1)",
  group: "server",
  since: "2.8.13",
  summary: "Answers how many commands there are.",
  flags: FLAGS,
  categories: CATEGORIES,
  run: ({ reply }) => reply.integer(commandCount()),
};

const docs: CommandDeclaration = {
  name: "docs",
  arity: -2,
  complexity: "O(N) where N is the number of commands to look up",
  group: "server",
  since: "7.0.0",
  summary: "Answers the documentation of the commands named, or of all.",
  flags: FLAGS,
  categories: CATEGORIES,
  tips: ANY_ORDER,
  arguments: [{ name: "command-name", type: "string", optional: true, multiple: true }],
  run(call) {
    const { reply } = call;
    const commands = call.count === 2
      ? [...allCommands()]
      : namedCommands(call).filter((command) => command !== undefined);
    reply.map(commands.length);
    for (const command of commands) writeCommandDocs(reply, command);
  },
};

const info: CommandDeclaration = {
  name: "info",
  arity: -2,
  complexity: "O(N) where N is the number of commands to look up",
  group: "server",
  since: "2.8.13",
  summary: "Answers how the commands named, or all, are called and used.",
  flags: FLAGS,
  categories: CATEGORIES,
  tips: ANY_ORDER,
  history: [["7.0.0", "Without a name, it answers of every command."]],
  arguments: [{ name: "command-name", type: "string", optional: true, multiple: true }],
  run(call) {
    if (call.count === 2) return describeAll(call);
    const { reply } = call;
    const commands = namedCommands(call);
    reply.array(commands.length);
    for (const command of commands) {
      if (command === undefined) reply.nil();
      else writeCommandInfo(reply, command);
    }
  },
};

const list: CommandDeclaration = {
  name: "list",
  arity: -2,
  complexity: "O(N) where N is the number of commands",
  group: "server",
  since: "7.0.0",
  summary: "Answers the names of commands: of all, or of those that pass a filter.",
  flags: FLAGS,
  categories: CATEGORIES,
  tips: ANY_ORDER,
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
    for (const command of allCommandsAndSubcommands()) {
      if (passes(command)) names.push(command.fullName);
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
    const category = args.text(4).toLowerCase();
    return (command) => aclCategories(command.declaration).includes(category);
  }
  if (!args.is(3, "PATTERN")) throw SYNTAX_ERROR;
  const pattern = new TextEncoder().encode(args.text(4).toLowerCase());
  return ({ fullName }) => {
    const name = new TextEncoder().encode(fullName);
    return matchesGlob(pattern, 0, pattern.length, name, 0, name.length);
  };
}

function namedCommands(call: Call): (Command | undefined)[] {
  return Array.from({ length: call.count - 2 }, (_, i) => {
    const name = call.args.text(i + 2).toLowerCase();
    const command = commandByName(name);
    return command?.fullName === name ? command : undefined;
  });
}

function describeAll({ reply }: Call): void {
  reply.array(commandCount());
  for (const command of allCommands()) writeCommandInfo(reply, command);
}

register(withHelp({
  name: "command",
  arity: -1,
  complexity: "O(N) where N is the number of commands",
  group: "server",
  since: "2.8.13",
  summary: "Answers how every command is called and used.",
  flags: FLAGS,
  categories: CATEGORIES,
  tips: ANY_ORDER,
  subcommands: [count, docs, getKeys, getKeysAndFlags, info, list],
  run: describeAll,
}, "5.0.0"));
