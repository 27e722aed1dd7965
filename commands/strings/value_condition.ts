/**
 * Conditions on the string that a key holds, on which SET writes and DELEX deletes: by its bytes or
 * by their digest (DIGEST).
 *
 * ```
 *              there is no key   the same   another
 *   IFEQ  v         no             yes        no
 *   IFNE  v         SET: yes       no         yes
 *   IFDEQ, IFDNE    likewise, with the digest
 * ```
 */

import type { Ref } from "../../structures/arena/arena.ts";
import { compareBytes } from "../../structures/bytes/byte_order.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { ArgumentDeclaration } from "../declaration.ts";
import type { OptionCursor } from "../arguments/option_cursor.ts";
import { DIGEST_DIGITS, isDigest, writeDigest } from "./digest_text.ts";

const NOT_A_DIGEST = new ErrorReply(
  `ERR must be exactly ${DIGEST_DIGITS} hexadecimal characters`,
);

// A condition is made of bits; 0 is none.
const SAME = 1;
const ANOTHER = 2;
const BY_DIGEST = 4;

const TOKENS = ["IFEQ", "IFNE", "IFDEQ", "IFDNE"];
const digits = new Uint8Array(DIGEST_DIGITS);

/** The conditions as arguments of a declaration. */
export const CONDITION_ARGUMENTS: readonly ArgumentDeclaration[] = TOKENS.map((token) => ({
  name: `${token.toLowerCase()}-${token.length === 4 ? "value" : "digest"}`,
  type: "string",
  token,
}));

/** The condition under the cursor, whose value follows; 0 where there is none. */
export function conditionOption(options: OptionCursor): number {
  if (options.value("IFEQ", 1)) return SAME;
  if (options.value("IFNE", 1)) return ANOTHER;
  if (options.value("IFDEQ", 1)) return SAME | BY_DIGEST;
  if (options.value("IFDNE", 1)) return ANOTHER | BY_DIGEST;
  return 0;
}

/** Whether a call names a condition from argument `from` on. */
export function namesCondition(args: Arguments, from: number): boolean {
  for (let i = from; i < args.count; i++) {
    for (const token of TOKENS) if (args.is(i, token)) return true;
  }
  return false;
}

/** Whether a condition holds where there is no key. */
export function holdsForNone(condition: number): boolean {
  return (condition & SAME) === 0;
}

/**
 * Whether a condition holds for the string of an entry. O(length).
 *
 * @param valueAt the argument with what it is compared with
 * @throws {ErrorReply} where that is no digest, and the condition is about one
 */
export function holds(call: Call, condition: number, valueAt: number, entry: Ref): boolean {
  const { args, keyspace: { strings } } = call;
  const isByDigest = (condition & BY_DIGEST) !== 0;
  if (isByDigest && args.length(valueAt) !== DIGEST_DIGITS) throw NOT_A_DIGEST;
  const value = strings.view(entry);
  const isSame = isByDigest ? hasDigest(value, args.bytes, args.start(valueAt)) : compareBytes(
    value.bytes,
    value.start,
    value.length,
    args.bytes,
    args.start(valueAt),
    args.length(valueAt),
  ) === 0;
  return isSame === ((condition & SAME) !== 0);
}

function hasDigest(value: ByteView, bytes: Uint8Array, start: number): boolean {
  writeDigest(value, digits);
  return isDigest(digits, bytes, start);
}
