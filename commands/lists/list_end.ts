/** The two ends of a list, as commands that move and pop name them. */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import type { ArgumentDeclaration } from "../registry.ts";

/** The words for the ends, the head's first. */
export const LIST_ENDS = ["LEFT", "RIGHT"] as const;

/** Whether argument `i` names the head, or else the tail. @throws {ErrorReply} */
export function isHead(args: Arguments, i: number): boolean {
  if (args.is(i, LIST_ENDS[0])) return true;
  if (args.is(i, LIST_ENDS[1])) return false;
  throw SYNTAX_ERROR;
}

/** An argument that names an end. */
export function endArgument(name: string): ArgumentDeclaration {
  return {
    name,
    type: "oneof",
    arguments: LIST_ENDS.map((token) => ({
      name: token.toLowerCase(),
      type: "pure-token",
      token,
    })),
  };
}
