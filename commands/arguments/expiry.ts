/**
 * Instants in arguments: `EX 10` and `PXAT 1700000000000`, and the numbers of EXPIRE and its kin. All
 * become milliseconds since 1970: a number where that is exact, which it is up to the year 287,000,
 * else a bigint of 64 bits.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { INT64_MAX, INT64_MIN } from "../../structures/numbers/int64.ts";
import type { ArgumentDeclaration } from "../declaration.ts";
import type { OptionCursor } from "./option_cursor.ts";

// How an instant is given: bits that go together.
/** In milliseconds since 1970, PXAT. */
export const IN_MILLISECONDS = 1;
/** In seconds, EXAT. */
export const IN_SECONDS = 2;
/** With one of them: from now on, PX and EX. */
export const FROM_NOW = 4;

/** An argument that gives an expiry in one of the units, or says `otherwise`: PERSIST, KEEPTTL. */
export function expirationArgument(otherwise: string): ArgumentDeclaration {
  return {
    name: "expiration",
    type: "oneof",
    optional: true,
    arguments: [
      { name: "seconds", type: "integer", token: "EX" },
      { name: "milliseconds", type: "integer", token: "PX" },
      { name: "unix-time-seconds", type: "unix-time", token: "EXAT" },
      { name: "unix-time-milliseconds", type: "unix-time", token: "PXAT" },
      { name: otherwise.toLowerCase(), type: "pure-token", token: otherwise },
    ],
  };
}

/** The unit of the expiry option under the cursor, whose value follows; 0 where it is none. */
export function expiryOption(options: OptionCursor): number {
  if (options.value("EX", 1)) return IN_SECONDS | FROM_NOW;
  if (options.value("PX", 1)) return IN_MILLISECONDS | FROM_NOW;
  if (options.value("EXAT", 1)) return IN_SECONDS;
  if (options.value("PXAT", 1)) return IN_MILLISECONDS;
  return 0;
}

/**
 * The instant that argument `i` gives in a unit, of which it must be a positive number.
 *
 * @throws {ErrorReply} where it is none, or the instant has more than 64 bits
 */
export function instantArgument(call: Call, i: number, unit: number): number | bigint {
  const value = call.int64(i);
  if (value <= 0) throw invalidExpireTime(call);
  return toInstant(call, value, unit);
}

/** The instant of a value in a unit. @throws {ErrorReply} where it has more than 64 bits */
export function toInstant(call: Call, value: number | bigint, unit: number): number | bigint {
  const factor = (unit & IN_SECONDS) !== 0 ? 1000 : 1;
  const baseMs = (unit & FROM_NOW) !== 0 ? call.keyspace.nowMs : 0;
  if (typeof value === "number") {
    const instant = value * factor + baseMs;
    if (Number.isSafeInteger(instant)) return instant;
  }
  const ms = BigInt(value) * BigInt(factor);
  const instant = ms + BigInt(baseMs);
  if (ms < INT64_MIN || instant > INT64_MAX) throw invalidExpireTime(call);
  return instant;
}

function invalidExpireTime(call: Call): ErrorReply {
  return new ErrorReply(`ERR invalid expire time in '${call.command.fullName}' command`);
}
