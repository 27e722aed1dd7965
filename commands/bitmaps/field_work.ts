/** What BITFIELD does and BITFIELD_RO: integers of any width, read from a string and written. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { Call } from "../../server/execution/call.ts";
import { NONE } from "../../structures/arena/arena.ts";
import {
  MAX_FIELD_BITS,
  readBits,
  readWideBits,
  writeBits,
  writeWideBits,
} from "../../structures/bits/bit_field.ts";
import {
  fittedBigInt,
  fittedNumber,
  MAX_NUMBER_OPERAND,
  Overflow,
} from "../../structures/bits/field_arithmetic.ts";
import { type ByteView, emptyView } from "../../structures/bytes/byte_view.ts";
import { replyInt64 } from "../arguments/int64.ts";
import { SETBIT } from "./events.ts";
import { FieldAction, FieldOperations } from "./field_operations.ts";

const { Get: GET, Set: SET } = FieldAction;

const READ_ONLY = new ErrorReply("ERR BITFIELD_RO only supports the GET subcommand");

/** What a signed value wraps at that is subtracted from a small one in 64 bits. */
const TWO_63 = 2n ** 63n;

const operations = new FieldOperations();
const nothing = emptyView();

/** Carries out all operations of a call. @throws {ErrorReply} one of them is none; none is done */
export function runOperations(call: Call, isReadOnly: boolean): void {
  let count = 0;
  let writtenBits = 0;
  operations.begin(call);
  while (operations.next(call)) {
    const { action, offset, width } = operations;
    count++;
    if (action !== GET) writtenBits = Math.max(writtenBits, offset + width);
  }
  if (writtenBits === 0) return readAll(call, count);
  if (isReadOnly) throw READ_ONLY;
  writeAll(call, count, Math.ceil(writtenBits / 8));
}

function readAll(call: Call, count: number): void {
  const value = call.keyspace.strings.read(call, 1) ?? nothing;
  call.reply.array(count);
  operations.begin(call);
  while (operations.next(call)) replyField(call, value);
}

/** @param byteCount how long the string has to be */
function writeAll(call: Call, count: number, byteCount: number): void {
  const { db, keyspace: { stringEdits, strings }, reply } = call;
  const key = call.key(1);
  const found = db.changeOf(key, Type.String);
  const oldLength = found === NONE ? 0 : strings.length(found);
  const value = strings.view(stringEdits.open(db, found, key, byteCount, 0));
  const hasGrown = value.length !== oldLength;
  let changes = 0;
  reply.array(count);
  operations.begin(call);
  while (operations.next(call)) {
    if (operations.action === GET) replyField(call, value);
    else changes += writeField(call, value, hasGrown);
  }
  // As in Redis, there is no word for a string that has only become longer.
  if (changes !== 0) stringEdits.tell(db, key, found === NONE, changes, SETBIT);
  else if (hasGrown) stringEdits.tell(db, key, found === NONE, 0, undefined);
}

function replyField({ reply }: Call, { bytes, length, start }: ByteView): void {
  const { isSigned, offset, width } = operations;
  if (width <= MAX_FIELD_BITS) {
    reply.integer(signed(readBits(bytes, start, length, offset, width), width, isSigned));
  } else {
    const pattern = readWideBits(bytes, start, length, offset, width);
    reply.bigInteger(isSigned ? BigInt.asIntN(width, pattern) : pattern);
  }
}

/** The value of a bit pattern. */
function signed(pattern: number, width: number, isSigned: boolean): number {
  return isSigned && pattern >= 2 ** (width - 1) ? pattern - 2 ** width : pattern;
}

/**
 * Carries out the SET or INCRBY under the cursor.
 *
 * @param hasGrown whether the string has become longer, which makes a change of the same value, too
 * @returns how many changes that is
 */
function writeField(call: Call, value: ByteView, hasGrown: boolean): number {
  const { operand, width } = operations;
  const isNumber = width <= MAX_FIELD_BITS && typeof operand === "number" &&
    Math.abs(operand) <= MAX_NUMBER_OPERAND;
  if (!isNumber) return writeWideField(call, value, BigInt(operand), hasGrown);
  const { action, isSigned, offset, overflow } = operations;
  const { bytes, length, start } = value;
  const old = signed(readBits(bytes, start, length, offset, width), width, isSigned);
  // What is to be set below 0 where no sign is wraps to more than there can be.
  const isTooMuch = action === SET && !isSigned && operand < 0 && overflow === Overflow.Saturate;
  const wanted = isTooMuch ? MAX_NUMBER_OPERAND : action === SET ? operand : old + operand;
  const next = fittedNumber(wanted, width, isSigned, overflow);
  if (Number.isNaN(next)) {
    call.reply.nil();
    return 0;
  }
  writeBits(bytes, start, offset, width, next < 0 ? next + 2 ** width : next);
  call.reply.integer(action === SET ? old : next);
  return hasGrown || old !== next ? 1 : 0;
}

/** As {@linkcode writeField}, for what a double is not exact for. */
function writeWideField(call: Call, value: ByteView, operand: bigint, hasGrown: boolean): number {
  const { action, isSigned, offset, overflow, width } = operations;
  const { bytes, length, start } = value;
  const pattern = readWideBits(bytes, start, length, offset, width);
  const old = isSigned ? BigInt.asIntN(width, pattern) : pattern;
  const wanted = action !== SET ? old + operand : toBeSet(operand);
  const next = fittedBigInt(wanted, width, isSigned, overflow);
  if (next === undefined) {
    call.reply.nil();
    return 0;
  }
  writeWideBits(bytes, start, offset, width, next);
  replyInt64(call.reply, action === SET ? old : next);
  return hasGrown || old !== next ? 1 : 0;
}

/**
 * What an integer is to be set to, which is only a question where it saturates. In the 64 bits of
 * Redis, values that are far enough below 0 are found too high.
 */
function toBeSet(value: bigint): bigint {
  const { isSigned, overflow, width } = operations;
  if (value >= 0n || overflow !== Overflow.Saturate) return value;
  if (!isSigned) return TWO_63;
  const max = (1n << BigInt(width - 1)) - 1n;
  return width < 64 && value + TWO_63 <= max ? TWO_63 : value;
}
