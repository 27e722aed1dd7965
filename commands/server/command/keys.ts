// COMMAND GETKEYS and GETKEYSANDFLAGS: which arguments of a call are keys.

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/call.ts";
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
  const command = commandAskedAbout(call);
  if (command.keys.length === 0) throw NO_KEYS;
  const count = call.count - NAME_AT;
  if (!command.acceptsCount(count)) throw WRONG_COUNT;
  const found: FoundKey[] = [];
  for (const positions of command.keys) {
    const { first, step } = positions;
    const last = positions.last < 0 ? count + positions.last : positions.last;
    const flags = keyFlags(positions);
    for (let i = first; i <= last && i < count; i += step) found.push({ at: NAME_AT + i, flags });
  }
  return found;
}

function commandAskedAbout({ args }: Call): Command {
  const command = findCommand(args.bytes, args.start(NAME_AT), args.length(NAME_AT));
  if (command === undefined) throw NO_SUCH_COMMAND;
  if (command.subcommands.length === 0) return command;
  const subcommandAt = NAME_AT + 1;
  const subcommand = command.subcommand(
    args.bytes,
    args.start(subcommandAt),
    args.length(subcommandAt),
  );
  if (subcommand === undefined) throw NO_SUCH_COMMAND;
  return subcommand;
}
