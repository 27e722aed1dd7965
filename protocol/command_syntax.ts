/**
 * A command's arguments in the notation of Redis's manual: what HELP prints, and the client's hints.
 *
 * ```
 * key                      a value            [x]          may be left out
 * LIMIT offset count       a token and more   x [x ...]    may be repeated
 * NX|XX                    one of these       ""           a token that is the empty word
 * ```
 */

/** An argument, as commands declare it and as COMMAND DOCS tells of it. */
export interface ArgumentSyntax {
  readonly name: string;
  /** What to show in place of the name. */
  readonly displayText?: string;
  /** `oneof`, `block` and `pure-token` are what matters here; anything else is a value. */
  readonly type: string;
  /** The word in front of the value, or the whole of a pure token. */
  readonly token?: string;
  readonly optional?: boolean;
  readonly multiple?: boolean;
  /** Of an argument that may be repeated: whether the token is repeated with it. */
  readonly multipleToken?: boolean;
  /** What a `oneof` chooses from or a `block` consists of. */
  readonly arguments?: readonly ArgumentSyntax[];
}

/** All arguments in a row; "" for none. */
export function argumentsSyntax(list: readonly ArgumentSyntax[] = []): string {
  return list.map(argumentSyntax).join(" ");
}

/** One argument, in brackets if it may be left out. */
export function argumentSyntax(argument: ArgumentSyntax): string {
  const first = withToken(argument, valueSyntax(argument));
  const syntax = argument.multiple ? `${first} ${repeatSyntax(argument)}` : first;
  return argument.optional ? `[${syntax}]` : syntax;
}

/** How one more of a repeated argument is written: `[x ...]`. */
export function repeatSyntax(argument: ArgumentSyntax): string {
  const value = valueSyntax(argument);
  return `[${argument.multipleToken ? withToken(argument, value) : value} ...]`;
}

/** What stands behind the token, or the token itself where that is all. */
export function valueSyntax(argument: ArgumentSyntax): string {
  switch (argument.type) {
    case "pure-token":
      return tokenSyntax(argument.token ?? argument.name);
    case "oneof":
      return (argument.arguments ?? []).map(argumentSyntax).join("|");
    case "block":
      return argumentsSyntax(argument.arguments);
    default:
      return argument.displayText ?? argument.name;
  }
}

function withToken(argument: ArgumentSyntax, value: string): string {
  if (argument.token === undefined || argument.type === "pure-token") return value;
  return `${tokenSyntax(argument.token)} ${value}`;
}

function tokenSyntax(token: string): string {
  return token === "" ? '""' : token;
}
