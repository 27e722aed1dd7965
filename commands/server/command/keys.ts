/** COMMAND GETKEYS and GETKEYSANDFLAGS: which arguments of a call are keys. */

import { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { CallKeys } from "../../../server/execution/call_keys.ts";
import type { CommandNames, ExecutableCommand } from "../../../server/execution/command_table.ts";
import { keyFlagBits, keyFlagsOf } from "../../../server/execution/key_spec.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { writeStatuses } from "./info_reply.ts";

const NO_SUCH_COMMAND = new ErrorReply("ERR Invalid command specified");
const WRONG_COUNT = new ErrorReply("ERR Invalid number of arguments specified for command");
const NO_KEYS = new ErrorReply("ERR The command has no key arguments");
const BAD_ARGUMENTS = new ErrorReply("ERR Invalid arguments specified for command");

/** Index of the argument that is the name of the command asked about. */
const NAME_AT = 2;

const NOT_KEY = keyFlagBits(["not_key"]);

/** The keys of the call asked about. */
const keys = new CallKeys();

export const getKeys: CommandDeclaration = {
  name: "getkeys",
  arity: -3,
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
    findKeys(call);
    reply.array(keys.total);
    while (keys.next()) {
      const at = NAME_AT + keys.index;
      reply.bulkBytes(args.bytes, args.start(at), args.length(at));
    }
  },
};

export const getKeysAndFlags: CommandDeclaration = {
  ...getKeys,
  name: "getkeysandflags",
  since: "7.0.0",
  summary: "Answers which arguments of a command are keys, and how it uses them.",
  run(call) {
    const { args, reply } = call;
    findKeys(call);
    reply.array(keys.total);
    while (keys.next()) {
      const at = NAME_AT + keys.index;
      reply.array(2);
      reply.bulkBytes(args.bytes, args.start(at), args.length(at));
      writeStatuses(reply, keyFlagsOf(keys.flags));
    }
  },
};

/** Starts a walk over the keys of the command that stands behind the subcommand. */
function findKeys(call: Call): void {
  const { args, server } = call;
  const inner = new Arguments();
  inner.bytes = args.bytes;
  inner.offsets = args.offsets;
  inner.lengths = args.lengths;
  inner.base = args.base + NAME_AT;
  inner.count = args.count - NAME_AT;
  const command = commandOf(server.names, inner);
  if (!hasKeys(command)) throw NO_KEYS;
  if (!command.acceptsCount(inner.count)) throw WRONG_COUNT;
  if (!keys.find(command, inner) && !command.hasOptionalKeys) throw BAD_ARGUMENTS;
}

/** @throws {ErrorReply} where there is none of that name */
function commandOf(names: CommandNames, args: Arguments): ExecutableCommand {
  const command = names.find(args.bytes, args.start(0), args.length(0));
  if (command === undefined) throw NO_SUCH_COMMAND;
  // A container alone is a command, although not one that runs.
  if (command.subcommands.length === 0 || args.count === 1) return command;
  const subcommand = command.subcommand(args.bytes, args.start(1), args.length(1));
  if (subcommand === undefined) throw NO_SUCH_COMMAND;
  return subcommand;
}

function hasKeys({ keySearch, keySpecs }: ExecutableCommand): boolean {
  return keySearch !== undefined || keySpecs.some(({ flags }) => (flags & NOT_KEY) === 0);
}
