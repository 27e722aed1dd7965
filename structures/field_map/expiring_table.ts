/**
 * A large hash some of whose fields may have deadlines: a table of fields (member_table.ts), and a
 * tree of those with a deadline (deadline_tree.ts).
 *
 * ```
 * root, 24 bytes   ┌────────────┬──────┬────────────────────┬───────────────────────┐
 *                  │ hash table │ tree │ bytes of all nodes │ no deadline is before │
 *                  └────────────┴──────┴────── (a double) ──┴────────── (a double) ─┘
 * node without     ┌ 0 · field length 31 ─┬─ value length ─┬─ … ───┬─ … ───┐
 * a deadline       │                      │                │ field │ value │   as in a plain table
 *                  └──────────────────────┴────────────────┴─ … ───┴─ … ───┘
 * node with room   ┌ 1 0 · value length 15 · field length 15 ─┬─ deadline 48 ─┬─ … ───┬─ … ───┐
 * for one          │                                          │               │ field │ value │
 *                  └──────────────────────────────────────────┴───────────────┴─ … ───┴─ … ───┘
 * the same, where  ┌ 1 1 · deadline's high 14 ─┬─ its low 32 ─┬ field length ┬ value length ┬─ …
 * it is long       │                           │              │              │              │
 *                  └───────────────────────────┴──────────────┴──────────────┴──────────────┴─ …
 * ```
 *
 * A field with a deadline takes two bytes more than one without, and about five in the tree. So a plain
 * table becomes one that may expire in O(1): its nodes stay. One that loses its deadline keeps the room
 * for it as long as it keeps its block, and 0 stands there.
 *
 * The earliest deadline is a bound: removing it does not look for the next, which `removeExpired` does.
 */

import { assert } from "../assert.ts";
import { Arena, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import { DeadlineTree } from "./deadline_tree.ts";
import {
  BEFORE_ALL,
  type ExpiringFieldOperations,
  type FieldClock,
  NO_DEADLINE,
} from "./field_map_operations.ts";
import { TableFieldMap } from "./field_map_table.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import type { TableShape } from "../lazy_free/reclaimer.js";
import { MEMBER_TABLE_SHAPE } from "../set/member_table.ts";
import type { RandomInt } from "../set/member_operations.ts";
import { RefList } from "../set/ref_list.ts";
import * as treeBlocks from "./deadline_blocks.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

// The root's.
const TREE = 1;
const EARLIEST_DOUBLE = 2;
const ROOT_BYTES = 24;

// A node's, in words.
const LENGTHS = 0;
const LOW = 1;
const SHORT_HIGH = 2; // its low half
const LONG_FIELD_LENGTH = 2;
const LONG_VALUE_LENGTH = 3;
const PLAIN_VALUE_LENGTH = 1;

const PLAIN_BYTES = 8;
const SHORT_BYTES = 10;
const LONG_BYTES = 16;

const HAS_ROOM = 1 << 31;
const IS_LONG = 1 << 30;
const LENGTH_BITS = 15;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
const LONG_HIGH_MASK = (1 << 14) - 1;
const HIGH_UNIT = 2 ** 32;

/** Draws after which a field is looked for by a walk: nearly all have expired. */
const MAX_DRAWS = 128;

/** As MEMBER_TABLE_SHAPE, with the tree: the list of its blocks, which own nothing. */
export const EXPIRING_TABLE_SHAPE: TableShape = {
  ...MEMBER_TABLE_SHAPE,
  chain: { headWord: TREE, nextWord: treeBlocks.NEXT, blockWord: -1 },
};

/** See the top of the file. A position is the reference of a node. */
export class ExpiringTable extends TableFieldMap implements ExpiringFieldOperations {
  met: Ref = NONE;
  readonly #tree: DeadlineTree;
  #clock: FieldClock;
  readonly #expired = new RefList();

  constructor(arena: Arena, hasher: KeyHasher, clock: FieldClock) {
    super(arena, hasher);
    this.#clock = clock;
    this.#tree = new DeadlineTree(arena, (node) => this.#deadlineIn(node));
  }

  override create(expected: number): Ref {
    const plain = super.create(expected);
    try {
      return this.adopt(plain);
    } catch (error) {
      super.destroy(plain);
      throw error;
    }
  }

  /** Makes a table that may expire of a plain one. O(1). @throws {ArenaFullError} it is as before */
  adopt(plain: Ref): Ref {
    const { arena } = this;
    const tree = this.#tree.create();
    let ref: Ref;
    try {
      ref = arena.allocate(ROOT_BYTES);
    } catch (error) {
      this.#tree.destroy(tree);
      throw error;
    }
    arena.copy(plain, 0, ref, 0, arena.capacity(plain));
    arena.setWord(ref, TREE, tree);
    this.#setEarliest(ref, Infinity);
    arena.free(plain);
    return ref;
  }

  #treeOf(ref: Ref): Ref {
    return this.arena.word(ref, TREE);
  }

  earliestMs(ref: Ref): number {
    return this.arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + EARLIEST_DOUBLE];
  }

  #setEarliest(ref: Ref, ms: number): void {
    this.arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + EARLIEST_DOUBLE] = ms;
  }

  protected override lengthOf(node: Ref): number {
    const lengths = this.arena.word(node, LENGTHS);
    if (lengths >= 0) return lengths;
    if ((lengths & IS_LONG) !== 0) return this.arena.word(node, LONG_FIELD_LENGTH);
    return lengths & LENGTH_MASK;
  }

  protected override startOf(node: Ref): number {
    return ((node & SEGMENT_MASK) << 3) + this.#headerBytes(node);
  }

  #headerBytes(node: Ref): number {
    const lengths = this.arena.word(node, LENGTHS);
    return lengths >= 0 ? PLAIN_BYTES : (lengths & IS_LONG) !== 0 ? LONG_BYTES : SHORT_BYTES;
  }

  #valueLengthOf(node: Ref): number {
    const lengths = this.arena.word(node, LENGTHS);
    if (lengths >= 0) return this.arena.word(node, PLAIN_VALUE_LENGTH);
    if ((lengths & IS_LONG) !== 0) return this.arena.word(node, LONG_VALUE_LENGTH);
    return (lengths >>> LENGTH_BITS) & LENGTH_MASK;
  }

  protected override nodeBytes(node: Ref): number {
    return this.#headerBytes(node) + this.lengthOf(node) + this.#valueLengthOf(node);
  }

  override readValue(_ref: Ref, position: Ref, view: ByteView): void {
    view.bytes = this.arena.bytes[position >>> SEGMENT_SHIFT];
    view.start = this.startOf(position) + this.lengthOf(position);
    view.length = this.#valueLengthOf(position);
  }

  deadlineOf(_ref: Ref, position: Ref): number {
    return this.#deadlineIn(position);
  }

  #deadlineIn(node: Ref): number {
    const words = this.arena.words[node >>> SEGMENT_SHIFT];
    const at = (node & SEGMENT_MASK) << 1;
    const lengths = words[at + LENGTHS];
    if (lengths >= 0) return NO_DEADLINE;
    const high = (lengths & IS_LONG) !== 0
      ? lengths & LONG_HIGH_MASK
      : words[at + SHORT_HIGH] & 0xffff;
    return high * HIGH_UNIT + (words[at + LOW] >>> 0);
  }

  /** Writes the deadline of a node that has room for it. */
  #writeDeadline(node: Ref, ms: number): void {
    const words = this.arena.words[node >>> SEGMENT_SHIFT];
    const at = (node & SEGMENT_MASK) << 1;
    const high = Math.floor(ms / HIGH_UNIT);
    words[at + LOW] = ms | 0;
    if ((words[at + LENGTHS] & IS_LONG) !== 0) {
      words[at + LENGTHS] = (words[at + LENGTHS] & ~LONG_HIGH_MASK) | high;
    } else {
      words[at + SHORT_HIGH] = (words[at + SHORT_HIGH] & ~0xffff) | high;
    }
  }

  #isExpired(node: Ref): boolean {
    const deadline = this.#deadlineIn(node);
    return deadline !== NO_DEADLINE && deadline < this.#clock.dueMs;
  }

  override first(ref: Ref): Ref {
    return this.#firstLive(ref, super.first(ref));
  }

  override next(ref: Ref, position: Ref): Ref {
    return this.#firstLive(ref, super.next(ref, position));
  }

  /** The first node of a walk, from `node` on, that has not expired. */
  #firstLive(ref: Ref, node: Ref): Ref {
    let live = node;
    while (live !== NONE && this.#isExpired(live)) live = super.next(ref, live);
    return live;
  }

  override random(ref: Ref, randomInt: RandomInt): Ref {
    for (let i = 0; i < MAX_DRAWS; i++) {
      const node = super.random(ref, randomInt);
      if (node === NONE || !this.#isExpired(node)) return node;
    }
    return this.first(ref);
  }

  override find(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    const node = super.find(ref, bytes, start, length);
    const isExpired = node !== NONE && this.#isExpired(node);
    this.met = isExpired ? node : NONE;
    return isExpired ? NONE : node;
  }

  override scan(ref: Ref, cursor: number, found: RefList): number {
    const first = found.count;
    const next = super.scan(ref, cursor, found);
    let kept = first;
    for (let i = first; i < found.count; i++) {
      if (!this.#isExpired(found.at(i))) found.set(kept++, found.at(i));
    }
    found.truncate(kept);
    return next;
  }

  override setValue(
    ref: Ref,
    position: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    keepsDeadline: boolean,
  ): Ref {
    if (this.arena.word(position, LENGTHS) >= 0) {
      return super.setValue(ref, position, bytes, start, length, keepsDeadline);
    }
    const deadline = this.#deadlineIn(position);
    const kept = keepsDeadline ? deadline : NO_DEADLINE;
    if (kept === deadline && this.#hasRoomFor(position, length)) {
      this.#overwriteValue(position, bytes, start, length);
      return ref;
    }
    const own = this.arena.bytes[position >>> SEGMENT_SHIFT];
    this.#replace(
      ref,
      position,
      deadline,
      this.#createNode(
        own,
        this.startOf(position),
        this.lengthOf(position),
        bytes,
        start,
        length,
        kept,
      ),
      kept,
    );
    return ref;
  }

  /** Whether a node with room for a deadline is of the size and form for a value of this length. */
  #hasRoomFor(node: Ref, valueLength: number): boolean {
    if (valueLength > LENGTH_MASK && this.#headerBytes(node) === SHORT_BYTES) return false;
    const needed = this.#headerBytes(node) + this.lengthOf(node) + valueLength;
    return Arena.blockBytes(needed) === this.arena.capacity(node);
  }

  #overwriteValue(node: Ref, bytes: Uint8Array, start: number, length: number): void {
    const { arena } = this;
    const lengths = arena.word(node, LENGTHS);
    const at = this.startOf(node) + this.lengthOf(node);
    if ((lengths & IS_LONG) !== 0) arena.setWord(node, LONG_VALUE_LENGTH, length);
    else {
      const others = lengths & ~(LENGTH_MASK << LENGTH_BITS);
      arena.setWord(node, LENGTHS, others | (length << LENGTH_BITS));
    }
    copyBytes(arena.bytes[node >>> SEGMENT_SHIFT], at, bytes, start, length);
  }

  setDeadline(ref: Ref, position: Ref, ms: number): Ref {
    const before = this.#deadlineIn(position);
    if (before === ms) return ref;
    if (this.arena.word(position, LENGTHS) < 0) {
      if (ms !== NO_DEADLINE) this.#tree.insert(this.#treeOf(ref), position, ms);
      if (before !== NO_DEADLINE) this.#tree.remove(this.#treeOf(ref), position, before);
      this.#writeDeadline(position, ms);
      this.#noteDeadline(ref, ms);
      return ref;
    }
    const own = this.arena.bytes[position >>> SEGMENT_SHIFT];
    const start = this.startOf(position);
    const length = this.lengthOf(position);
    const valueLength = this.#valueLengthOf(position);
    const valueStart = start + length;
    const node = this.#createNode(own, start, length, own, valueStart, valueLength, ms);
    this.#replace(ref, position, before, node, ms);
    return ref;
  }

  /** A complete node, with room for a deadline where it gets one. @throws {ArenaFullError} */
  #createNode(
    bytes: Uint8Array,
    start: number,
    length: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueLength: number,
    ms: number,
  ): Ref {
    const { arena } = this;
    const isPlain = ms === NO_DEADLINE;
    const isLong = length > LENGTH_MASK || valueLength > LENGTH_MASK;
    const header = isPlain ? PLAIN_BYTES : isLong ? LONG_BYTES : SHORT_BYTES;
    const node = arena.allocate(header + length + valueLength);
    if (isPlain) {
      arena.setWord(node, LENGTHS, length);
      arena.setWord(node, PLAIN_VALUE_LENGTH, valueLength);
    } else if (isLong) {
      arena.setWord(node, LENGTHS, HAS_ROOM | IS_LONG);
      arena.setWord(node, LONG_FIELD_LENGTH, length);
      arena.setWord(node, LONG_VALUE_LENGTH, valueLength);
    } else {
      arena.setWord(node, LENGTHS, HAS_ROOM | (valueLength << LENGTH_BITS) | length);
    }
    if (!isPlain) this.#writeDeadline(node, ms);
    const own = arena.bytes[node >>> SEGMENT_SHIFT];
    const at = ((node & SEGMENT_MASK) << 3) + header;
    copyBytes(own, at, bytes, start, length);
    copyBytes(own, at + length, valueBytes, valueStart, valueLength);
    return node;
  }

  /** Puts a new node in the place of one, in the tree too; frees it where that cannot be. */
  #replace(ref: Ref, old: Ref, oldMs: number, node: Ref, ms: number): void {
    const { arena } = this;
    const tree = this.#treeOf(ref);
    try {
      if (ms !== NO_DEADLINE) this.#tree.insert(tree, node, ms);
    } catch (error) {
      arena.free(node);
      throw error;
    }
    if (oldMs !== NO_DEADLINE) this.#tree.remove(tree, old, oldMs);
    this.relocate(ref, old, node);
    this.addBytes(ref, arena.capacity(node) - arena.capacity(old));
    arena.free(old);
    this.#noteDeadline(ref, ms);
  }

  /** Keeps the bound on the earliest deadline, once the tree is as it should be. */
  #noteDeadline(ref: Ref, ms: number): void {
    if (this.#tree.count(this.#treeOf(ref)) === 0) this.#setEarliest(ref, Infinity);
    else if (ms !== NO_DEADLINE && ms < this.earliestMs(ref)) this.#setEarliest(ref, ms);
  }

  override remove(ref: Ref, position: Ref): Ref {
    const deadline = this.#deadlineIn(position);
    if (deadline !== NO_DEADLINE) {
      this.#tree.remove(this.#treeOf(ref), position, deadline);
      this.#noteDeadline(ref, NO_DEADLINE);
    }
    return super.remove(ref, position);
  }

  findEarliestMs(ref: Ref): number {
    return this.#tree.earliestMs(this.#treeOf(ref));
  }

  countExpired(ref: Ref): number {
    const { dueMs } = this.#clock;
    return this.earliestMs(ref) < dueMs ? this.#tree.countDue(this.#treeOf(ref), dueMs) : 0;
  }

  removeExpired(ref: Ref, limit: number): Ref {
    const { dueMs } = this.#clock;
    if (this.earliestMs(ref) >= dueMs) return ref;
    const tree = this.#treeOf(ref);
    const expired = this.#expired;
    this.#tree.takeDue(tree, dueMs, limit, expired);
    for (let i = 0; i < expired.count; i++) super.remove(ref, expired.at(i));
    expired.clear();
    this.#setEarliest(ref, this.#tree.earliestMs(tree));
    return ref;
  }

  /**
   * More than setting the deadlines of some fields takes, beside their nodes. O(1).
   *
   * @param nodeBytes of those fields together, as {@linkcode ExpiringTable.deadlineBytes} tells them
   * @throws {ArenaFullError}
   */
  reserveDeadlines(fields: number, nodeBytes: number): void {
    this.arena.reserveMore(nodeBytes + DeadlineTree.insertionBytes(fields));
  }

  /** Bytes of the block that a field takes as it gets a deadline; 0 where it stays in its own. O(1). */
  deadlineBytes(position: Ref): number {
    if (this.arena.word(position, LENGTHS) < 0) return 0;
    return Arena.blockBytes(LONG_BYTES + this.lengthOf(position) + this.#valueLengthOf(position));
  }

  override copy(ref: Ref): Ref {
    const tree = this.#tree.create();
    let copy: Ref;
    try {
      copy = super.copy(ref);
    } catch (error) {
      this.#tree.destroy(tree);
      throw error;
    }
    this.arena.setWord(copy, TREE, tree);
    try {
      this.table.forEach(this.tableOf(copy), (node) => {
        const deadline = this.#deadlineIn(node);
        if (deadline !== NO_DEADLINE) this.#tree.insert(tree, node, deadline);
      });
    } catch (error) {
      this.destroy(copy);
      throw error;
    }
    return copy;
  }

  override destroy(ref: Ref): void {
    this.#tree.destroy(this.#treeOf(ref));
    super.destroy(ref);
  }

  override memoryBytes(ref: Ref): number {
    return super.memoryBytes(ref) + this.#tree.memoryBytes(this.#treeOf(ref));
  }

  override verify(ref: Ref): void {
    const clock = this.#clock;
    this.#clock = BEFORE_ALL;
    try {
      super.verify(ref);
    } finally {
      this.#clock = clock;
    }
    const tree = this.#treeOf(ref);
    this.#tree.verify(tree);
    let deadlines = 0;
    for (let node = super.first(ref); node !== NONE; node = super.next(ref, node)) {
      if (this.#deadlineIn(node) !== NO_DEADLINE) deadlines++;
    }
    assert(deadlines === this.#tree.count(tree), "deadlines that are not in the tree");
    const earliest = this.#tree.earliestMs(tree);
    assert(
      this.earliestMs(ref) <= earliest && (this.earliestMs(ref) < Infinity || deadlines === 0),
      "a deadline before the earliest",
    );
  }
}
