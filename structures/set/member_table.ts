/**
 * Many members in a hash table: a large set, or the fields of a large hash. A member is one block
 * that is a node of the table too, so that a lookup costs one cache miss behind the bucket's.
 *
 * ```
 * root, 16 bytes   ┌────────────┬───┬───────────────────────────┐
 *                  │ hash table │ 0 │ bytes of all nodes        │
 *                  └─────┬──────┴───┴─────────── (a double) ────┘
 *                        ▼ descriptor, directory, chunks
 * node of a set    ┌───────────────┬─ … ─────────┐
 *                  │ member length │ member      │   16 bytes take 24
 *                  └───────────────┴─ … ─────────┘
 * node of a hash   ┌───────────────┬──────────────┬─ … ─────────┬─ … ─────────┐
 *                  │ field length  │ value length │ field       │ value       │
 *                  └───────────────┴──────────────┴─ … ─────────┴─ … ─────────┘
 * word               0               1
 * ```
 */

import { assert } from "../assert.ts";
import { Arena, type Ref } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { ExpectedLookups } from "../hash_table/expected_lookups.ts";
import { HashTable } from "../hash_table/hash_table.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import { copyTable } from "../hash_table/hash_table_copy.ts";
import { growthBytes } from "../hash_table/hash_table_growth.ts";
import { NodeWalk } from "../hash_table/hash_table_walk.ts";
import type { MemberOperations, RandomInt } from "./member_operations.ts";
import type { RefList } from "./ref_list.ts";
import type { TableShape } from "../lazy_free/reclaimer.js";
import { textIs } from "../bytes/text_equality.ts";
import * as arenaLayout from "../arena/arena_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

const TABLE = 0;
const ROOT_BYTES = 16;

/** Word of a node with the length of its member. */
export const MEMBER_LENGTH = 0;
/** Bytes before the member in a node that has no value. */
export const SET_HEADER_BYTES = 4;

/** More than a node takes beside its member and value, a quarter of which rounding may add. */
const NODE_OVERHEAD_BYTES = 32;

/** A word behind most members and in many values. */
const FAR_WORD = 8;

/**
 * What a table of members consists of, for those who free it from afar: its root, the blocks of
 * the hash table that word 0 refers to, and the nodes, each one block.
 */
export const MEMBER_TABLE_SHAPE: TableShape = { tableWord: TABLE, children: null };

/** See the top of the file. A position is the reference of a node. */
export class MemberTable implements MemberOperations {
  protected readonly arena: Arena;
  protected readonly table: HashTable;
  readonly #hasher: KeyHasher;
  readonly #headerBytes: number;
  readonly #walk: NodeWalk;
  readonly #expected: ExpectedLookups;
  /** The bytes that the last `find` looked for: their hash, and the value where it did. */
  #soughtHash = 0;
  #soughtIn: Ref = NONE;
  #found: RefList | undefined;
  readonly #list = (node: Ref) => this.#found!.push(node);

  /** @param headerBytes bytes before the member in a node */
  constructor(arena: Arena, hasher: KeyHasher, headerBytes: number = SET_HEADER_BYTES) {
    const hashOf = (node: Ref) =>
      hasher.hash(arena.bytes[node >>> SEGMENT_SHIFT], this.startOf(node), this.lengthOf(node));
    this.arena = arena;
    this.table = new HashTable(arena, hashOf);
    this.#walk = new NodeWalk(arena, hashOf);
    this.#expected = new ExpectedLookups(arena.words, this.table, FAR_WORD);
    this.#hasher = hasher;
    this.#headerBytes = headerBytes;
  }

  /**
   * A new value without members.
   *
   * @param expected how many there are going to be, about
   * @throws {ArenaFullError}
   */
  create(expected: number): Ref {
    const ref = this.arena.allocateZeroed(ROOT_BYTES);
    try {
      this.arena.setWord(ref, TABLE, this.table.create(expected));
    } catch (error) {
      this.arena.free(ref);
      throw error;
    }
    return ref;
  }

  /**
   * Has the arena reserve what so many more members take beside their own bytes; of a value that is
   * to be converted, NONE, also what `bytes` bytes of members in it take. O(1).
   *
   * @throws {ArenaFullError}
   */
  reserve(ref: Ref, members: number, bytes: number): void {
    const table = ref === NONE ? NONE : this.tableOf(ref);
    const nodeBytes = members * NODE_OVERHEAD_BYTES + 2 * bytes;
    this.arena.reserveMore(ROOT_BYTES + nodeBytes + growthBytes(this.arena, table, members));
  }

  /** The hash table of a value. O(1). */
  tableOf(ref: Ref): Ref {
    return this.arena.word(ref, TABLE);
  }

  /** Adds to the bytes of all nodes. */
  protected addBytes(ref: Ref, change: number): void {
    this.arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + 1] += change;
  }

  /** Length of a node's member. */
  protected lengthOf(node: Ref): number {
    return this.arena.word(node, MEMBER_LENGTH);
  }

  /** Index of the member's first byte in the bytes of the node's segment. */
  protected startOf(node: Ref): number {
    return ((node & SEGMENT_MASK) << 3) + this.#headerBytes;
  }

  count(ref: Ref): number {
    return this.table.size(this.tableOf(ref));
  }

  first(ref: Ref): Ref {
    return this.#walk.first(this.tableOf(ref));
  }

  next(ref: Ref, position: Ref): Ref {
    return this.#walk.next(this.tableOf(ref), position);
  }

  skip(ref: Ref, position: Ref, members: number): Ref {
    let node = position;
    for (let i = 0; i < members; i++) node = this.next(ref, node);
    return node;
  }

  scanRun(_ref: Ref, position: Ref, _parts: number, _most: number, run: EntryRun): Ref {
    run.clear();
    return position;
  }

  /**
   * Copies the references of members from one on; see {@linkcode NodeWalk.take}.
   *
   * @returns how many; {@linkcode MemberTable.following} is behind them
   */
  take(ref: Ref, position: Ref, nodes: Int32Array): number {
    return this.#walk.take(this.tableOf(ref), position, nodes);
  }

  /** The member behind those that {@linkcode MemberTable.take} has copied, 0 behind the last. */
  get following(): Ref {
    return this.#walk.following;
  }

  random(ref: Ref, randomInt: RandomInt): Ref {
    return this.table.random(this.tableOf(ref), randomInt);
  }

  find(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    const hash = this.#hasher.hash(bytes, start, length);
    this.#soughtHash = hash;
    this.#soughtIn = ref;
    const table = this.tableOf(ref);
    let node = this.table.first(table, hash);
    while (node !== NONE && !this.#memberIs(node, bytes, start, length)) {
      node = this.table.next(table, node, hash);
    }
    return node;
  }

  /**
   * Notes for {@linkcode MemberTable.prefetch} that a member will be looked for. O(length).
   *
   * @returns whether there was room for it
   */
  expectMember(bytes: Uint8Array, start: number, length: number): boolean {
    if (this.#expected.isFull) return false;
    this.#expected.add(this.#hasher.hash(bytes, start, length));
    return true;
  }

  /** Loads what finding the members noted since the last time will wait for. O(members). */
  prefetch(ref: Ref): void {
    this.#expected.load(this.tableOf(ref));
  }

  #memberIs(node: Ref, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.lengthOf(node) !== length) return false;
    const words = this.arena.words[node >>> SEGMENT_SHIFT];
    return textIs(words, this.startOf(node), bytes, start, length);
  }

  readMember(_ref: Ref, position: Ref, view: ByteView): void {
    view.bytes = this.arena.bytes[position >>> SEGMENT_SHIFT];
    view.start = this.startOf(position);
    view.length = this.lengthOf(position);
  }

  /** Adds a member of a set that is not there. O(1). @throws {ArenaFullError} */
  append(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    this.#soughtHash = this.#hasher.hash(bytes, start, length);
    this.#soughtIn = ref;
    return this.appendSought(ref, bytes, start, length);
  }

  /**
   * Adds a member of a set that is not there, whose hash is known. O(length).
   *
   * @throws {ArenaFullError}
   */
  appendHashed(ref: Ref, bytes: Uint8Array, start: number, length: number, hash: number): void {
    this.#soughtHash = hash;
    this.#soughtIn = ref;
    this.appendSought(ref, bytes, start, length);
  }

  /** Adds the member of a set that the last `find` has not found. O(1). @throws {ArenaFullError} */
  appendSought(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    this.link(ref, this.createNode(bytes, start, length, 0));
    return ref;
  }

  /**
   * A node with its member, and room behind it.
   *
   * @throws {ArenaFullError} also where no block can hold them
   */
  protected createNode(bytes: Uint8Array, start: number, length: number, room: number): Ref {
    const node = this.arena.allocate(this.#headerBytes + length + room);
    this.arena.setWord(node, MEMBER_LENGTH, length);
    const own = this.arena.bytes[node >>> SEGMENT_SHIFT];
    copyBytes(own, this.startOf(node), bytes, start, length);
    return node;
  }

  /** Puts a new node, complete, into the table under the hash last sought. Frees it on an error. */
  protected link(ref: Ref, node: Ref): void {
    assert(ref === this.#soughtIn, "a member that was looked for elsewhere");
    this.#soughtIn = NONE; // it is there now
    this.#walk.stop();
    try {
      this.table.insert(this.tableOf(ref), node, this.#soughtHash);
    } catch (error) {
      this.arena.free(node);
      throw error;
    }
    this.addBytes(ref, Arena.blockBytes(this.nodeBytes(node)));
  }

  /** Bytes that a node needs. */
  protected nodeBytes(node: Ref): number {
    return this.#headerBytes + this.lengthOf(node);
  }

  /** Tells the table that a node has become another block. O(1). */
  protected relocate(ref: Ref, oldNode: Ref, node: Ref): void {
    this.#walk.stop();
    this.table.replace(this.tableOf(ref), oldNode, node);
  }

  remove(ref: Ref, position: Ref): Ref {
    this.#walk.stop();
    this.table.remove(this.tableOf(ref), position);
    this.addBytes(ref, -Arena.blockBytes(this.nodeBytes(position)));
    this.arena.free(position);
    return ref;
  }

  scan(ref: Ref, cursor: number, found: RefList): number {
    this.#found = found;
    return this.table.scan(this.tableOf(ref), cursor, this.#list);
  }

  destroy(ref: Ref): void {
    const table = this.tableOf(ref);
    this.table.forEach(table, (node) => this.arena.free(node));
    this.table.destroy(table);
    this.arena.free(ref);
  }

  /** A value of the same members, in blocks of its own. O(n). @throws {ArenaFullError} */
  copy(ref: Ref): Ref {
    const { arena } = this;
    const copy = arena.duplicate(ref);
    try {
      const copyNode = (node: Ref) => arena.duplicate(node);
      const freeNode = (node: Ref) => arena.free(node);
      const table = copyTable(arena, this.table, this.tableOf(ref), copyNode, freeNode);
      arena.setWord(copy, TABLE, table);
    } catch (error) {
      arena.free(copy);
      throw error;
    }
    return copy;
  }

  memoryBytes(ref: Ref): number {
    const { arena } = this;
    return arena.capacity(ref) + this.table.memoryBytes(this.tableOf(ref)) + this.#nodesBytes(ref);
  }

  #nodesBytes(ref: Ref): number {
    return this.arena.doubles[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) + 1];
  }

  verify(ref: Ref): void {
    const { arena } = this;
    const table = this.tableOf(ref);
    this.table.verify(table);
    let bytes = 0;
    let seen = 0;
    for (let node = this.first(ref); node !== NONE; node = this.next(ref, node)) {
      const own = arena.bytes[node >>> SEGMENT_SHIFT];
      const found = this.find(ref, own, this.startOf(node), this.lengthOf(node));
      assert(found === node, "a member that is there twice");
      assert(this.nodeBytes(node) <= arena.capacity(node), "a node longer than its block");
      bytes += arena.capacity(node);
      assert(++seen <= this.count(ref), "a walk that does not end");
    }
    assert(seen === this.count(ref), "a walk that does not come to every member");
    assert(bytes === this.#nodesBytes(ref), "the nodes' bytes are counted wrongly");
  }
}
