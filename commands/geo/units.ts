/** Units of distances in arguments, which stand behind the number: `m`, `km`, `ft` and `mi`. */

import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import { parseDouble } from "../../structures/numbers/double_text.ts";
import type { ArgumentDeclaration } from "../registry.ts";

const UNKNOWN_UNIT = new ErrorReply("ERR unsupported unit provided. please use M, KM, FT, MI");

/** Meters of the unit that argument `i` names. @throws {ErrorReply} where it is none */
export function metersPerUnit(args: Arguments, i: number): number {
  if (args.is(i, "M")) return 1;
  if (args.is(i, "KM")) return 1000;
  if (args.is(i, "FT")) return 0.3048;
  if (args.is(i, "MI")) return 1609.34;
  throw UNKNOWN_UNIT;
}

/** Argument `i` as a number. @throws {ErrorReply} `problem`, where it is none */
export function lengthArgument(args: Arguments, i: number, problem: ErrorReply): number {
  const length = parseDouble(args.bytes, args.start(i), args.length(i));
  if (Number.isNaN(length)) throw problem;
  return length;
}

/** The argument as COMMAND DOCS describes it. */
export const UNIT: ArgumentDeclaration = {
  name: "unit",
  type: "oneof",
  arguments: ["m", "km", "ft", "mi"].map((name) => ({
    name,
    type: "pure-token",
    token: name.toUpperCase(),
  })),
};
