/**
 * Requests that name no command: what is answered to them. Errors repeat what was asked byte for
 * byte, though no more of it than fits a line.
 */

import { type Arguments, MAX_QUOTED_BYTES } from "../../protocol/arguments.ts";

export function unknownCommand(args: Arguments): string {
  let quoted = "";
  for (let i = 1; i < args.count && quoted.length < MAX_QUOTED_BYTES; i++) {
    quoted += `'${args.quoted(i).slice(0, MAX_QUOTED_BYTES - quoted.length)}' `;
  }
  return `ERR unknown command '${args.quoted(0)}', with args beginning with: ${quoted}`;
}

export function unknownSubcommand(args: Arguments): string {
  const container = args.quoted(0).toUpperCase();
  return `ERR unknown subcommand '${args.quoted(1)}'. Try ${container} HELP.`;
}

/** A subcommand that is called with a number of arguments which its arity allows and no form of it has. */
export function unknownForm(args: Arguments): string {
  const container = args.quoted(0).toUpperCase();
  return `ERR unknown subcommand or wrong number of arguments for '${args.quoted(1)}'. ` +
    `Try ${container} HELP.`;
}
