/**
 * Patterns of SORT's BY and GET: where an element of what is sorted finds its weight, or what is told
 * in its place.
 *
 * ```
 *   weight_*           the string of the key      weight_<element>
 *   user:*:info->age   of the hash of the key     user:<element>:info   the field `age`
 *   #                  the element itself
 *   anything else      nothing
 * ```
 */

import type { Arguments } from "../../../protocol/arguments.ts";
import type { Call } from "../../../server/execution/call.ts";
import { Type } from "../../../server/keyspace/entry.ts";
import { Key } from "../../../server/keyspace/key.ts";
import { NONE } from "../../../structures/arena/arena.ts";
import { type Bytes, withView } from "../../../structures/bytes/bytes.ts";
import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import type { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { copyBytes } from "../../../structures/bytes/copy_bytes.ts";

const NUL = 0;
const STAR = 0x2a;
const HASH_SIGN = 0x23;
const MINUS = 0x2d;
const GREATER = 0x3e;

const NO_BYTES = new Uint8Array(0);
const NOWHERE = -1;
/** Bytes of a name that a pattern keeps room for. */
const KEPT_NAME_BYTES = 512;

/** Whether argument `i` is a pattern that has a place for the element. O(length). */
export function namesManyKeys(args: Arguments, i: number): boolean {
  return starIn(args.bytes, args.start(i), args.start(i) + args.length(i)) !== NOWHERE;
}

/** Index of the first `*` that no NUL stands before. */
function starIn(bytes: Uint8Array, from: number, end: number): number {
  for (let i = from; i < end && bytes[i] !== NUL; i++) if (bytes[i] === STAR) return i;
  return NOWHERE;
}

/** Index of the first `->` that has a field behind it, no NUL standing before any of these. */
function arrowIn(bytes: Uint8Array, from: number, end: number): number {
  for (let i = from; i + 1 < end && bytes[i] !== NUL; i++) {
    if (bytes[i] !== MINUS || bytes[i + 1] !== GREATER) continue;
    return i + 2 < end && bytes[i + 2] !== NUL ? i : NOWHERE;
  }
  return NOWHERE;
}

/** A pattern in an argument of the call that runs. */
export class KeyPattern {
  /** Whether it stands for the element itself. */
  isElement = false;
  #bytes: Uint8Array = NO_BYTES;
  /** The parts of a name before and behind the element, and the field. */
  #prefix = 0;
  #star = NOWHERE;
  #suffixEnd = 0;
  #field = 0;
  #fieldLength = 0;
  #name: Bytes = withView(new Uint8Array(KEPT_NAME_BYTES));
  readonly #key = new Key();

  /** Makes it the one in argument `i`. O(length). */
  set(args: Arguments, i: number): void {
    const { bytes } = args;
    const start = args.start(i);
    const end = start + args.length(i);
    this.isElement = end - start === 1 && bytes[start] === HASH_SIGN;
    this.#bytes = bytes;
    this.#prefix = start;
    this.#star = starIn(bytes, start, end);
    if (this.#star === NOWHERE) return;
    const arrow = arrowIn(bytes, this.#star + 1, end);
    this.#suffixEnd = arrow === NOWHERE ? end : arrow;
    this.#field = arrow + 2;
    this.#fieldLength = arrow === NOWHERE ? 0 : end - arrow - 2;
  }

  /**
   * What an element finds by the pattern, if anything; its key counts as read. The view is valid until
   * another key is looked at. O(pattern + element). @throws {RangeError} no memory for the name
   */
  lookUp(call: Call, element: Uint8Array, start: number, length: number): ByteView | undefined {
    if (this.#star === NOWHERE) return undefined;
    const { db, keyspace } = call;
    const entry = db.read(this.#keyOf(keyspace.hasher, element, start, length));
    if (entry === NONE) return undefined;
    const type = keyspace.entries.type(entry);
    if (this.#fieldLength === 0) {
      return type === Type.String ? keyspace.strings.view(entry) : undefined;
    }
    if (type !== Type.Hash) return undefined;
    const hash = keyspace.hashes.open(entry);
    return hash.find(this.#bytes, this.#field, this.#fieldLength) ? hash.value : undefined;
  }

  #keyOf(hasher: KeyHasher, element: Uint8Array, start: number, length: number): Key {
    const star = this.#star;
    const before = star - this.#prefix;
    const behind = this.#suffixEnd - star - 1;
    const total = before + length + behind;
    if (total > this.#name.length) this.#name = withView(new Uint8Array(2 * total));
    const name = this.#name;
    copyBytes(name, 0, this.#bytes, this.#prefix, before);
    copyBytes(name, before, element, start, length);
    copyBytes(name, before + length, this.#bytes, star + 1, behind);
    const key = this.#key;
    key.bytes = name;
    key.start = 0;
    key.length = total;
    key.hash = hasher.hash(name, 0, total);
    return key;
  }

  /** Lets go of the call, and of the room that a long name took. */
  clear(): void {
    this.#bytes = NO_BYTES;
    if (this.#name.length > KEPT_NAME_BYTES) this.#name = withView(new Uint8Array(KEPT_NAME_BYTES));
  }
}
