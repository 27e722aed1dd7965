/**
 * The syntax of a command as people write it, from its declared arguments:
 *
 * ```
 * key value [NX | XX] [GET] [EX seconds | PX milliseconds | KEEPTTL]
 * ```
 */

import type { ArgumentDeclaration } from "./registry.ts";

/** The arguments as one line; "" for none. */
export function syntaxOf(args: readonly ArgumentDeclaration[] = []): string {
  return args.map(optionalSyntax).join(" ");
}

function optionalSyntax(argument: ArgumentDeclaration): string {
  const syntax = repeatedSyntax(argument);
  return argument.optional ? `[${syntax}]` : syntax;
}

function repeatedSyntax(argument: ArgumentDeclaration): string {
  const { token, multiple, multipleToken } = argument;
  const bare = bareSyntax(argument);
  // The empty string is how an argument says that it may stand for a word that is itself empty.
  const word = token === "" ? '""' : token;
  if (argument.type === "pure-token") return multiple ? `${word} [${word} ...]` : word ?? bare;
  const named = word === undefined ? bare : `${word} ${bare}`;
  if (!multiple) return named;
  return `${named} [${multipleToken ? named : bare} ...]`;
}

function bareSyntax(argument: ArgumentDeclaration): string {
  const { arguments: parts = [], type } = argument;
  if (type === "oneof") {
    const choice = parts.map(repeatedSyntax).join(" | ");
    return argument.optional && argument.token === undefined && !argument.multiple
      ? choice
      : `<${choice}>`;
  }
  if (type === "block") return syntaxOf(parts);
  return argument.displayText ?? argument.name;
}
