/**
 * The fields that a command names behind a word and their number:
 *
 * ```
 *   … FIELDS numfields field [field …]
 *            │         └ first, count of them
 *            └ the argument before it
 * ```
 *
 * and the time that some give to them.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { ArgumentDeclaration } from "../declaration.ts";
import { MAX_DEADLINE_MS } from "../../structures/field_map/field_map_operations.ts";
import { FROM_NOW, IN_SECONDS } from "../arguments/expiry.ts";

const NO_FIELDS = new ErrorReply(
  "ERR Mandatory argument FIELDS is missing or not at the right position",
);
const NOT_SO_MANY = new ErrorReply(
  "ERR The `numfields` parameter must match the number of arguments",
);
const NOT_POSITIVE = new ErrorReply("ERR Number of fields must be a positive integer");
const NEGATIVE_TIME = new ErrorReply("ERR invalid expire time, must be >= 0");

/** What stands for all times of long ago: 0 would be no deadline. */
const LONG_AGO_MS = 1;

/** How the argument is declared. */
export const FIELDS: ArgumentDeclaration = {
  name: "fields",
  type: "block",
  token: "FIELDS",
  arguments: [
    { name: "numfields", type: "integer" },
    { name: "field", type: "string", multiple: true },
  ],
};

/**
 * Reads the word in argument `at`, and the number behind it, which is that of all other arguments.
 *
 * @param notPositive what is told where the number is none, or less than 1
 * @returns the index of the first field
 * @throws {ErrorReply}
 */
export function firstField(
  { args }: Call,
  at: number,
  notPositive: ErrorReply = NOT_POSITIVE,
): number {
  if (!args.is(at, "FIELDS")) throw NO_FIELDS;
  const given = at + 1 < args.count ? args.int64(at + 1) : undefined;
  if (given === undefined || given < 1n) throw notPositive;
  if (given !== BigInt(args.count - at - 2)) throw NOT_SO_MANY;
  return at + 2;
}

/**
 * The deadline that argument `i` gives, in ms since 1970.
 *
 * @param unit as arguments/expiry.ts says
 * @throws {ErrorReply}
 */
export function deadlineArgument(call: Call, i: number, unit: number): number {
  const given = call.int64(i);
  if (given < 0) throw NEGATIVE_TIME;
  const ms = Number(given) * ((unit & IN_SECONDS) !== 0 ? 1000 : 1);
  const deadlineMs = ms + ((unit & FROM_NOW) !== 0 ? call.keyspace.nowMs : 0);
  if (ms > MAX_DEADLINE_MS || deadlineMs > MAX_DEADLINE_MS) {
    throw new ErrorReply(`ERR invalid expire time in '${call.command.fullName}' command`);
  }
  return Math.max(LONG_AGO_MS, deadlineMs);
}

/** Whether somebody is past a deadline as soon as it is given. */
export function isPast(call: Call, deadlineMs: number): boolean {
  return deadlineMs <= call.keyspace.nowMs;
}
