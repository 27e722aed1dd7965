/**
 * A command's arguments in the notation of Redis's manual:
 *
 * ```
 * key                      a value            [x]          may be left out
 * LIMIT offset count       a token and more   x [x ...]    may be repeated
 * NX|XX                    one of these       ""           a token that is the empty word
 * ```
 */

import type { ArgumentDoc, CommandDoc } from "./command_docs.ts";

/** A command with all its arguments. */
export function commandSyntax(doc: CommandDoc): string {
  const syntax = syntaxOf(doc.arguments);
  return syntax === "" ? doc.name : `${doc.name} ${syntax}`;
}

/** All arguments in a row. */
function syntaxOf(list: readonly ArgumentDoc[]): string {
  return list.map(argumentSyntax).join(" ");
}

/** One argument, in brackets if it may be left out. */
export function argumentSyntax(argument: ArgumentDoc): string {
  const first = withToken(argument, valueSyntax(argument));
  const syntax = argument.multiple ? `${first} ${repeatSyntax(argument)}` : first;
  return argument.optional ? `[${syntax}]` : syntax;
}

/** How one more of a repeated argument is written: `[x ...]`. */
export function repeatSyntax(argument: ArgumentDoc): string {
  const value = valueSyntax(argument);
  return `[${argument.multipleToken ? withToken(argument, value) : value} ...]`;
}

/** What stands behind the token, or the token itself where that is all. */
export function valueSyntax(argument: ArgumentDoc): string {
  switch (argument.type) {
    case "pure-token":
      return tokenSyntax(argument.token ?? argument.name);
    case "oneof":
      return argument.arguments.map(argumentSyntax).join("|");
    case "block":
      return syntaxOf(argument.arguments);
    default:
      return argument.name;
  }
}

function withToken(argument: ArgumentDoc, value: string): string {
  if (argument.token === undefined || argument.type === "pure-token") return value;
  return `${tokenSyntax(argument.token)} ${value}`;
}

function tokenSyntax(token: string): string {
  return token === "" ? '""' : token;
}
