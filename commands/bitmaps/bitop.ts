/**
 * BITOP AND | OR | XOR destination key [key ...]
 * BITOP NOT destination key
 *
 * Strings are as long as the longest, with zeros at their ends. The result is made beside them, as
 * the destination may be one of them, and takes its place when it is done.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { Strings } from "../../server/keyspace/strings.ts";
import { NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../structures/arena/arena.ts";
import { BitOperation, combineBits, invertBits } from "../../structures/bits/bit_combination.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import { oneOf } from "../arguments/one_of.ts";
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

/** The entries of the sources of a call, at the places of its arguments: as many as the longest had. */
let sources = new Int32Array(32);

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
    oneOf("operation", ["AND", "OR", "XOR", "NOT"]),
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

/** Finds all sources. @returns the length of the longest  @throws {Refusal} one is no string */
function longestOf(call: Call): number {
  const { count, db, keyspace: { strings } } = call;
  if (sources.length < count) sources = new Int32Array(count);
  let longest = 0;
  for (let i = FIRST; i < count; i++) {
    const entry = db.readOf(call.key(i), Type.String);
    sources[i] = entry;
    if (entry !== NONE) longest = Math.max(longest, strings.length(entry));
  }
  return longest;
}

/** A block with the result. @throws {ArenaFullError} */
function resultOf(
  { count, keyspace: { arena, strings } }: Call,
  operation: Operation,
  length: number,
): Ref {
  const block = arena.allocate(length);
  const target = arena.bytes[block >>> SEGMENT_SHIFT];
  const at = (block & SEGMENT_MASK) << 3;
  const copied = copyFirst(strings, target, at);
  if (copied !== length) target.fill(0, at + copied, at + length);
  if (operation === NOT) invertBits(target, at, length);
  else {
    for (let i = FIRST + 1; i < count; i++) {
      const combined = combine(strings, sources[i], operation, target, at);
      if (operation === AND && combined !== length) target.fill(0, at + combined, at + length);
    }
  }
  return block;
}

/** Copies the first source to byte `at` of the target. @returns its length */
function copyFirst(strings: Strings, target: Uint8Array, at: number): number {
  if (sources[FIRST] === NONE) return 0;
  const { bytes, length, start } = strings.view(sources[FIRST]);
  copyBytes(target, at, bytes, start, length);
  return length;
}

/** Combines a source with what is at byte `at` of the target. @returns its length */
function combine(
  strings: Strings,
  source: Ref,
  operation: BitOperation,
  target: Uint8Array,
  at: number,
): number {
  if (source === NONE) return 0;
  const { bytes, length, start } = strings.view(source);
  combineBits(operation, target, at, bytes, start, length);
  return length;
}
