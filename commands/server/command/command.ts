/** COMMAND: all that the registry knows, for clients to read. */

import type { Call } from "../../../server/execution/call.ts";
import { bytesOfByteString } from "../../../structures/bytes/byte_string.ts";
import { withHelp } from "../../help.ts";
import { commandsOf, register } from "../../registry.ts";
import type { Command } from "../../command.ts";
import type { CommandDeclaration, CommandFlag } from "../../declaration.ts";
import { writeCommandDocs } from "./docs_reply.ts";
import { writeCommandInfo } from "./info_reply.ts";
import { getKeys, getKeysAndFlags } from "./keys.ts";
import { list } from "./list.ts";

/** More of a word is not looked at: no name of a command with its subcommand is as long. */
const MAX_FULL_NAME_BYTES = 256;

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
  run: ({ reply, server }) => reply.integer(server.names.count),
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
      ? commandsWithNames(call)
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

function namedCommands(call: Call): (Command | undefined)[] {
  return Array.from({ length: call.count - 2 }, (_, i) => {
    const name = call.args.byteString(i + 2, MAX_FULL_NAME_BYTES).toLowerCase();
    return commandNamed(call, name);
  });
}

/** A command by the name that clients call it by, with a subcommand behind a bar. */
function commandNamed(call: Call, fullName: string): Command | undefined {
  const bar = fullName.indexOf("|");
  const name = bytesOfByteString(bar === -1 ? fullName : fullName.slice(0, bar));
  const command = call.server.names.find(name, 0, name.length);
  if (command === undefined) return undefined;
  const declaredName = command.fullName + fullName.slice(name.length);
  const declared = commandsOf(call).named(declaredName);
  return declared?.fullName === declaredName ? declared : undefined;
}

function commandsWithNames(call: Call): Command[] {
  return [...commandsOf(call).commands()].filter((command) => call.server.names.has(command));
}

function describeAll(call: Call): void {
  const { reply } = call;
  const commands = commandsWithNames(call);
  reply.array(commands.length);
  for (const command of commands) writeCommandInfo(reply, command);
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
