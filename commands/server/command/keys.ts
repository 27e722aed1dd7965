// COMMAND GETKEYS and GETKEYSANDFLAGS: which arguments of a call are keys.

import { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import {
  type Command,
  type CommandDeclaration,
  findCommand,
  type KeyFlag,
} from "../../registry.ts";
import { keyFlags, writeStatuses } from "./info_reply.ts";

const NO_SUCH_COMMAND = new ErrorReply("ERR Invalid command specified");
const WRONG_COUNT = new ErrorReply("ERR Invalid number of arguments specified for command");
const NO_KEYS = new ErrorReply("ERR The command has no key arguments");

/** Index of the argument that is the name of the command asked about. */
const NAME_AT = 2;

interface FoundKey {
  /** Index of the argument. */
  readonly at: number;
  readonly flags: readonly KeyFlag[];
}

export const getKeys: CommandDeclaration = {
  name: "getkeys",
  arity: -4,
  complexity: "O(N) where N is the number of arguments to the command",
  group: "server",
  since: "2.8.13",
  summary: "Answers which arguments of a command are keys.",
  flags: ["loading", "stale"],
  categories: ["connection"],
  arguments: [
    { name: "command", type: "string" },
    { name: "arg", type: "string", optional: true, multiple: true },
  ],
  run(call) {
    const { args, reply } = call;
    const keys = keysOf(call);
    reply.array(keys.length);
    for (const { at } of keys) reply.bulkBytes(args.bytes, args.start(at), args.length(at));
  },
};

export const getKeysAndFlags: CommandDeclaration = {
  ...getKeys,
  name: "getkeysandflags",
  since: "7.0.0",
  summary: "Answers which arguments of a command are keys, and how it uses them.",
  run(call) {
    const { args, reply } = call;
    const keys = keysOf(call);
    reply.array(keys.length);
    for (const { at, flags } of keys) {
      reply.array(2);
      reply.bulkBytes(args.bytes, args.start(at), args.length(at));
      writeStatuses(reply, flags);
    }
  },
};

/** The keys of the command that stands behind the subcommand. @throws {ErrorReply} */
function keysOf(call: Call): FoundKey[] {
  const args = argumentsFrom(call.args, NAME_AT);
  const command = commandOf(args);
  if (command.keys.length === 0) throw NO_KEYS;
  if (!command.acceptsCount(args.count)) throw WRONG_COUNT;
  const found: FoundKey[] = [];
  for (const positions of command.keys) {
    const { first, step } = positions;
    const last = positions.last < 0 ? args.count + positions.last : positions.last;
    const flags = positions.flagsOfCall?.(args) ?? keyFlags(positions);
    for (let i = first; i <= last && i < args.count; i += step) {
      found.push({ at: NAME_AT + i, flags });
    }
  }
  return found;
}

/** The call within the call: a view of the arguments from the one at `at` on. */
function argumentsFrom(args: Arguments, at: number): Arguments {
  const view = new Arguments();
  view.bytes = args.bytes;
  view.offsets = args.offsets;
  view.lengths = args.lengths;
  view.base = args.base + at;
  view.count = args.count - at;
  return view;
}

function commandOf(args: Arguments): Command {
  const command = findCommand(args.bytes, args.start(0), args.length(0));
  if (command === undefined) throw NO_SUCH_COMMAND;
  if (command.subcommands.length === 0) return command;
  const subcommand = command.subcommand(args.bytes, args.start(1), args.length(1));
  if (subcommand === undefined) throw NO_SUCH_COMMAND;
  return subcommand;
}
