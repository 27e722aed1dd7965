/** The words of ZADD's options, which ZINCRBY, of the same make in Redis, takes for no scores. */

import type { Arguments } from "../../protocol/arguments.ts";
import { CH, GT, INCR, LT, NX, XX } from "./score_change.ts";

/** The first letter: no option begins with a byte below, and few scores with one from here on. */
const FIRST_LETTER = 0x41;

/** The option that argument `i` is, 0 if it is none. */
export function optionAt(args: Arguments, i: number): number {
  // Most scores begin with what no option does.
  if (args.bytes[args.start(i)] < FIRST_LETTER) return 0;
  if (args.is(i, "NX")) return NX;
  if (args.is(i, "XX")) return XX;
  if (args.is(i, "GT")) return GT;
  if (args.is(i, "LT")) return LT;
  if (args.is(i, "CH")) return CH;
  if (args.is(i, "INCR")) return INCR;
  return 0;
}
