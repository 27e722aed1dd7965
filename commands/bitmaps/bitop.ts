/**
 * BITOP AND | OR | XOR destination key [key ...]
 * BITOP NOT destination key
 *
 * Strings are as long as the longest, with zeros at their ends. The result is made beside them, as
 * the destination may be one of them, and takes its place when it is done.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../structures/arena/arena.ts";
import { BitOperation, combineBits, invertBits } from "../../structures/bits/bit_combination.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import { key, keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SET } from "../strings/events.ts";

const NOT_OF_ONE = new ErrorReply("ERR BITOP NOT must be called with a single source key.");

/** The one operation that is no {@linkcode BitOperation}. */
const NOT = -1;
const { And: AND, Or: OR, Xor: XOR } = BitOperation;
type Operation = BitOperation | typeof NOT;

/** The first argument that is a source. */
const FIRST = 3;

register({
  name: "bitop",
  arity: -4,
  complexity: "O(N), N being the bytes of all the strings",
  group: "bitmap",
  since: "2.6.0",
  summary: "Combines the bits of strings, and keeps the result under another key.",
  flags: ["write", "denyoom"],
  keys: [key(2, "OW", "update"), keyRange(FIRST, -1, 1, "RO", "access")],
  arguments: [
    {
      name: "operation",
      type: "oneof",
      arguments: [
        { name: "and", type: "pure-token", token: "AND" },
        { name: "or", type: "pure-token", token: "OR" },
        { name: "xor", type: "pure-token", token: "XOR" },
        { name: "not", type: "pure-token", token: "NOT" },
      ],
    },
    { name: "destkey", type: "key" },
    { name: "key", type: "key", multiple: true },
  ],
  run(call) {
    const { db, keyspace, reply } = call;
    const operation = operationOf(call);
    if (operation === NOT && call.count !== FIRST + 1) throw NOT_OF_ONE;
    const length = longestOf(call);
    if (length === 0) db.delete(call.key(2), keyspace.lazyServerDelete);
    else keyspace.stringEdits.adopt(call, 2, resultOf(call, operation, length), length, SET);
    reply.integer(length);
  },
});

function operationOf({ args }: Call): Operation {
  if (args.is(1, "AND")) return AND;
  if (args.is(1, "OR")) return OR;
  if (args.is(1, "XOR")) return XOR;
  if (args.is(1, "NOT")) return NOT;
  throw SYNTAX_ERROR;
}

/** Reads all sources. @returns the length of the longest  @throws {Refusal} one is no string */
function longestOf(call: Call): number {
  const { count, keyspace: { strings } } = call;
  let longest = 0;
  for (let i = FIRST; i < count; i++) {
    longest = Math.max(longest, strings.read(call, i)?.length ?? 0);
  }
  return longest;
}

/** A block with the result. @throws {ArenaFullError} */
function resultOf(call: Call, operation: Operation, length: number): Ref {
  const { count, keyspace: { arena } } = call;
  const block = arena.allocate(length);
  const target = arena.bytes[block >>> SEGMENT_SHIFT];
  const at = (block & SEGMENT_MASK) << 3;
  copyFirst(call, target, at, length);
  if (operation === NOT) invertBits(target, at, length);
  else for (let i = FIRST + 1; i < count; i++) combine(call, i, operation, target, at, length);
  return block;
}

/** Fills `target[at, at + length)` with the first source. */
function copyFirst(call: Call, target: Uint8Array, at: number, length: number): void {
  const { db, keyspace: { strings } } = call;
  const entry = db.peek(call.key(FIRST));
  let copied = 0;
  if (entry !== NONE) {
    const source = strings.view(entry);
    copied = source.length;
    copyBytes(target, at, source.bytes, source.start, copied);
  }
  if (copied !== length) target.fill(0, at + copied, at + length);
}

/** Combines `target[at, at + length)` with the source in argument `i`. */
function combine(
  call: Call,
  i: number,
  operation: BitOperation,
  target: Uint8Array,
  at: number,
  length: number,
): void {
  const { db, keyspace: { strings } } = call;
  const entry = db.peek(call.key(i));
  let combined = 0;
  if (entry !== NONE) {
    const source = strings.view(entry);
    combined = source.length;
    combineBits(operation, target, at, source.bytes, source.start, combined);
  }
  if (operation === AND && combined !== length) target.fill(0, at + combined, at + length);
}
