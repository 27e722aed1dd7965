/**
 * The operations of BITFIELD, read from its arguments one after the other:
 *
 * ```
 *   GET type offset │ SET type offset value │ INCRBY type offset increment │ OVERFLOW how
 *                                                                             for those behind it
 * ```
 *
 * They are gone through twice, first to find that all of them are good, and how long a string they
 * need; then to carry them out. So a call allocates nothing, however many there are.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import type { Call } from "../../server/execution/call.ts";
import { Overflow } from "../../structures/bits/field_arithmetic.ts";
import { parseSafeInteger } from "../../structures/numbers/decimal.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { fieldOffset } from "./bit_offset.ts";

const BAD_TYPE = new ErrorReply(
  "ERR Invalid bitfield type. Use something like i16 u8. " +
    "Note that u64 is not supported but i64 is.",
);
const BAD_OVERFLOW = new ErrorReply("ERR Invalid OVERFLOW type specified");

/** What an operation does. */
export const FieldAction = { Get: 0, Set: 1, Increment: 2 } as const;
export type FieldAction = typeof FieldAction[keyof typeof FieldAction];
const { Get: GET, Increment: INCREMENT, Set: SET } = FieldAction;

const SIGNED = 0x69;
const UNSIGNED = 0x75;
const MAX_SIGNED_BITS = 64;
/** Of one more, replies could not tell every value. */
const MAX_UNSIGNED_BITS = 63;
/** More than a width has. */
const MAX_WIDTH_BYTES = 4;

export class FieldOperations {
  // Of the operation under the cursor.
  action: FieldAction = GET;
  isSigned = false;
  /** In bits. */
  width = 0;
  /** In bits. */
  offset = 0;
  /** The value of SET, the increment of INCRBY. */
  operand: number | bigint = 0;
  overflow: Overflow = Overflow.Wrap;
  readonly #cursor = new OptionCursor();

  /** Goes before the first operation. */
  begin({ args }: Call): void {
    this.overflow = Overflow.Wrap;
    this.#cursor.begin(args, 2);
  }

  /** Goes to the next operation. @returns whether there is one  @throws {ErrorReply} it is none */
  next(call: Call): boolean {
    const cursor = this.#cursor;
    while (cursor.hasMore) {
      if (cursor.value("GET", 2)) {
        this.#read(call, GET, cursor.valueAt);
        return true;
      }
      if (cursor.value("SET", 3)) {
        this.#read(call, SET, cursor.valueAt);
        return true;
      }
      if (cursor.value("INCRBY", 3)) {
        this.#read(call, INCREMENT, cursor.valueAt);
        return true;
      }
      if (!cursor.value("OVERFLOW", 1)) throw SYNTAX_ERROR;
      this.overflow = overflowIn(call.args, cursor.valueAt);
    }
    return false;
  }

  #read(call: Call, action: FieldAction, at: number): void {
    this.action = action;
    this.#readType(call.args, at);
    this.offset = fieldOffset(call, at + 1, this.width);
    if (action !== GET) this.operand = call.int64(at + 2);
  }

  #readType(args: Arguments, i: number): void {
    const { bytes } = args;
    const start = args.start(i);
    const sign = args.length(i) === 0 ? 0 : bytes[start];
    const width = parseSafeInteger(bytes, start + 1, widthBytes(args, i));
    const max = sign === SIGNED ? MAX_SIGNED_BITS : sign === UNSIGNED ? MAX_UNSIGNED_BITS : 0;
    if (!(width >= 1 && width <= max)) throw BAD_TYPE;
    this.isSigned = sign === SIGNED;
    this.width = width;
  }
}

/** Bytes of the number behind a type's letter: as in Redis, what follows a NUL is not looked at. */
function widthBytes(args: Arguments, i: number): number {
  const { bytes } = args;
  const start = args.start(i) + 1;
  const most = Math.min(args.length(i) - 1, MAX_WIDTH_BYTES);
  let length = 0;
  while (length < most && bytes[start + length] !== 0) length++;
  return length;
}

function overflowIn(args: Arguments, i: number): Overflow {
  if (args.is(i, "WRAP")) return Overflow.Wrap;
  if (args.is(i, "SAT")) return Overflow.Saturate;
  if (args.is(i, "FAIL")) return Overflow.Fail;
  throw BAD_OVERFLOW;
}
