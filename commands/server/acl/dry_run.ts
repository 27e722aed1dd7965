/** ACL DRYRUN: whether a user may make a call. */

import { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { CommandNames, ExecutableCommand } from "../../../server/execution/command_table.ts";
import { wrongArity } from "../../../server/execution/frame.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { ADMIN_FLAGS } from "./flags.ts";

/** Index of the argument that is the name of the command asked about. */
const NAME_AT = 3;

export const dryRun: CommandDeclaration = {
  name: "dryrun",
  arity: -4,
  complexity: "O(1).",
  group: "server",
  since: "7.0.0",
  summary: "Tells whether a user may make a call, which is not carried out.",
  flags: ADMIN_FLAGS,
  arguments: [
    { name: "username", type: "string" },
    { name: "command", type: "string" },
    { name: "arg", type: "string", optional: true, multiple: true },
  ],
  run(call) {
    const { args, reply, server: { acl, names } } = call;
    const user = acl.users.get(args.byteString(2));
    if (user === undefined) throw new ErrorReply(`ERR User '${args.quoted(2)}' not found`);
    const inner = new Arguments();
    inner.bytes = args.bytes;
    inner.offsets = args.offsets;
    inner.lengths = args.lengths;
    inner.base = args.base + NAME_AT;
    inner.count = args.count - NAME_AT;
    const command = commandOf(names, inner);
    if (command === undefined) {
      throw new ErrorReply(`ERR Command '${args.quoted(NAME_AT)}' not found`);
    }
    if (!command.acceptsCount(inner.count)) throw wrongArity(command);
    const denial = acl.explain(user, command, inner);
    if (denial === undefined) reply.ok();
    else reply.byteString(denial);
  },
};

function commandOf(names: CommandNames, args: Arguments): ExecutableCommand | undefined {
  const command = names.find(args.bytes, args.start(0), args.length(0));
  if (command === undefined || command.subcommands.length === 0 || args.count === 1) return command;
  return command.subcommand(args.bytes, args.start(1), args.length(1));
}
