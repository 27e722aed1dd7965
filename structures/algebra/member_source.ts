/**
 * A set or a sorted set as set algebra sees it: members in batches, and members of other batches
 * looked up in it. Whether it is a set, whose members have a score of 1, and how it is held, is known
 * here alone.
 *
 * ```
 *                        fill                                 find
 *   intset               integers, without their texts        integers: one walk for all of a batch
 *   listpack             where the bytes are, or texts        an index of a batch's size, where that
 *                                                             is less work than n × m comparisons
 *   table, tree          nodes, a bucket or block at a time   batch_lookup.ts
 * ```
 *
 * A *position* names a member: a node or an element of a table, else as in the encoding.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { emptyView } from "../bytes/byte_view.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { Intset } from "../set/intset.ts";
import type { RefList } from "../set/ref_list.ts";
import { ListpackMembers } from "../set/member_listpack.ts";
import { SetEncoding } from "../set/member_set.ts";
import { MEMBER_LENGTH, MemberTable, SET_HEADER_BYTES } from "../set/member_table.ts";
import { elementAt } from "../sorted_set/avl_block.ts";
import { SortedSetEncoding } from "../sorted_set/sorted_set.ts";
import { LENGTH, memberLength, memberStart } from "../sorted_set/sorted_set_element.ts";
import * as setLayout from "../sorted_set/sorted_set_layout.ts";
import { ListpackSortedSet } from "../sorted_set/sorted_set_listpack.ts";
import { TreeSortedSet } from "../sorted_set/sorted_set_tree.ts";
import { BatchLookup } from "./batch_lookup.ts";
import { BATCH_MEMBERS, MemberBatch } from "./member_batch.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { MEMBER_AT } = setLayout;
const { Intset: INTSET, Table: TABLE } = SetEncoding;
const { Tree: TREE } = SortedSetEncoding;

/** What a member of a set has for a score. */
const SET_SCORE = 1;
/** Up to so many comparisons are made one by one rather than an index made for them. */
const MAX_COMPARISONS = 256;
/** Slots of the index, twice its members. */
const INDEX_SLOTS = 2 * BATCH_MEMBERS;

/** A view of one set or sorted set at a time; see the top of the file. */
export class MemberSource {
  /** Number of members. */
  count = 0;
  readonly #arena: Arena;
  readonly #intset: Intset;
  readonly #setListpack: ListpackMembers;
  readonly #table: MemberTable;
  readonly #sortedListpack: ListpackSortedSet;
  readonly #tree: TreeSortedSet;
  readonly #nodes: BatchLookup;
  readonly #elements: BatchLookup;
  readonly #view = emptyView();
  /** Members of a listpack that has been indexed, and by hash their numbers + 1. */
  readonly #listed: MemberBatch;
  readonly #index = new Uint8Array(INDEX_SLOTS);
  #isSorted = false;
  #encoding = 0;
  #ref: Ref = NONE;
  /** Where the walk goes on; 0 at the end. In an intset the index of the integer. */
  #next = 0;

  constructor(arena: Arena, hasher: KeyHasher) {
    this.#arena = arena;
    this.#intset = new Intset(arena);
    this.#setListpack = new ListpackMembers(arena, 1);
    this.#table = new MemberTable(arena, hasher);
    this.#sortedListpack = new ListpackSortedSet(arena);
    this.#tree = new TreeSortedSet(arena, hasher);
    this.#nodes = new BatchLookup(arena, MEMBER_LENGTH, SET_HEADER_BYTES);
    this.#elements = new BatchLookup(arena, LENGTH, MEMBER_AT);
    this.#listed = new MemberBatch(arena, hasher);
  }

  /** Points the view at a value, a sorted set or a set, and at its first member. O(1). */
  open(isSorted: boolean, encoding: number, ref: Ref): void {
    this.#isSorted = isSorted;
    this.#encoding = encoding;
    this.#ref = ref;
    if (isSorted) {
      const operations = encoding === TREE ? this.#tree : this.#sortedListpack;
      this.count = operations.count(ref);
      this.#next = operations.first(ref);
    } else if (encoding === INTSET) {
      this.count = this.#intset.count(ref);
      this.#next = 0;
    } else {
      const operations = encoding === TABLE ? this.#table : this.#setListpack;
      this.count = operations.count(ref);
      this.#next = operations.first(ref);
    }
  }

  /** Whether a walk has come to the end. */
  get isAtEnd(): boolean {
    const isIntset = !this.#isSorted && this.#encoding === INTSET;
    return isIntset ? this.#next === this.count : this.#next === 0;
  }

  /**
   * Fills a batch with what is at some positions of a set, from the `from`-th on; answers how many
   * there were. O(members).
   */
  fillAt(batch: MemberBatch, places: RefList, from: number): number {
    const isIntset = this.#encoding === INTSET;
    const end = Math.min(places.count, from + BATCH_MEMBERS);
    batch.begin(isIntset);
    for (let i = from; i < end; i++) {
      const position = places.at(i);
      if (this.#encoding === TABLE) this.#addNode(batch, position);
      else if (isIntset) {
        this.#intset.readIntegers(
          this.#ref,
          position - 1,
          1,
          batch.lows,
          batch.highs,
          batch.count++,
        );
      } else {
        this.#setListpack.readMember(this.#ref, position, this.#view);
        this.#addListed(batch, position, SET_SCORE);
      }
    }
    return batch.count;
  }

  /** Fills a batch with the next members: of a sorted set, the lowest first. O(members). */
  fill(batch: MemberBatch): void {
    const isIntset = !this.#isSorted && this.#encoding === INTSET;
    batch.begin(isIntset);
    if (isIntset) {
      const { lows, highs, positions, scores } = batch;
      const count = Math.min(this.count - this.#next, BATCH_MEMBERS);
      this.#intset.readIntegers(this.#ref, this.#next, count, lows, highs, 0);
      for (let i = 0; i < count; i++) {
        positions[i] = this.#next + i + 1;
        scores[i] = SET_SCORE;
      }
      batch.count = count;
      this.#next += count;
    } else if (this.#isSorted) {
      if (this.#encoding === TREE) this.#fillFromTree(batch);
      else this.#fillFromSortedListpack(batch);
    } else if (this.#encoding === TABLE) this.#fillFromTable(batch);
    else this.#fillFromListpack(batch);
  }

  #fillFromTable(batch: MemberBatch): void {
    if (this.#next === NONE) return;
    const nodes = batch.positions;
    const count = this.#table.take(this.#ref, this.#next, nodes);
    this.#next = this.#table.following;
    for (let i = 0; i < count; i++) this.#addNode(batch, nodes[i]);
  }

  #addNode(batch: MemberBatch, node: Ref): void {
    const segment = node >>> SEGMENT_SHIFT;
    const granule = node & SEGMENT_MASK;
    const length = this.#arena.words[segment][(granule << 1) + MEMBER_LENGTH];
    batch.add(node, SET_SCORE, segment, (granule << 3) + SET_HEADER_BYTES, length);
  }

  #fillFromTree(batch: MemberBatch): void {
    const ref = this.#ref;
    const { words } = this.#arena;
    const tree = this.#tree;
    let position = this.#next;
    let loaded = 0;
    while (position !== 0 && batch.count < BATCH_MEMBERS) {
      if (loaded === 0) loaded = tree.preload(ref, position, BATCH_MEMBERS, false);
      loaded--;
      const element = elementAt(words, position);
      batch.add(
        element,
        tree.scoreAt(ref, position),
        element >>> SEGMENT_SHIFT,
        memberStart(element),
        memberLength(this.#arena, element),
      );
      position = tree.next(ref, position);
    }
    this.#next = position;
  }

  #fillFromListpack(batch: MemberBatch): void {
    const operations = this.#setListpack;
    const ref = this.#ref;
    let at = this.#next;
    while (at !== 0 && batch.count < BATCH_MEMBERS) {
      operations.readMember(ref, at, this.#view);
      this.#addListed(batch, at, SET_SCORE);
      at = operations.next(ref, at);
    }
    this.#next = at;
  }

  #fillFromSortedListpack(batch: MemberBatch): void {
    const operations = this.#sortedListpack;
    const ref = this.#ref;
    let at = this.#next;
    while (at !== 0 && batch.count < BATCH_MEMBERS) {
      operations.readMember(ref, at, this.#view);
      this.#addListed(batch, at, operations.scoreAt(ref, at));
      at = operations.next(ref, at);
    }
    this.#next = at;
  }

  /** Adds the member that the view is on, whose bytes are in the listpack unless it is an integer. */
  #addListed(batch: MemberBatch, position: number, score: number): void {
    const { bytes, start, length } = this.#view;
    const segment = this.#ref >>> SEGMENT_SHIFT;
    if (bytes === this.#arena.bytes[segment]) batch.add(position, score, segment, start, length);
    else batch.addText(position, score, this.#view);
  }

  /**
   * Looks the members of a batch up: sets the position of each, 0 where it is not there, and its score
   * where it is. O(members) in a table or tree, O(members × n) at the most in what is small.
   */
  find(batch: MemberBatch, found: Int32Array, scores: Float64Array): void {
    const ref = this.#ref;
    if (this.#isSorted) {
      if (this.#encoding === TREE) {
        this.#elements.find(this.#tree.tableOf(ref), batch, found);
        for (let i = 0; i < batch.count; i++) {
          if (found[i] !== 0) scores[i] = this.#tree.scoreOf(ref, found[i]);
        }
      } else {
        this.#findListed(batch, found);
        for (let i = 0; i < batch.count; i++) {
          if (found[i] !== 0) scores[i] = this.#sortedListpack.scoreAt(ref, found[i]);
        }
      }
      return;
    }
    if (this.#encoding === TABLE) {
      this.#nodes.find(this.#table.tableOf(ref), batch, found);
    } else if (this.#encoding === INTSET) this.#findIntegers(batch, found);
    else this.#findListed(batch, found);
    scores.fill(SET_SCORE, 0, batch.count);
  }

  #findIntegers(batch: MemberBatch, found: Int32Array): void {
    const { count, lengths, lows, highs, starts } = batch;
    if (batch.holdsIntegers) {
      this.#intset.findRising(this.#ref, lows, highs, count, found);
      return;
    }
    for (let i = 0; i < count; i++) {
      found[i] = this.#intset.find(this.#ref, batch.bytesOf(i), starts[i], lengths[i]);
    }
  }

  #findListed(batch: MemberBatch, found: Int32Array): void {
    const { count } = batch;
    batch.writeTexts();
    if (count * this.count > MAX_COMPARISONS) return this.#findIndexed(batch, found);
    const { lengths, starts } = batch;
    const operations = this.#isSorted ? this.#sortedListpack : this.#setListpack;
    for (let i = 0; i < count; i++) {
      found[i] = operations.find(this.#ref, batch.bytesOf(i), starts[i], lengths[i]);
    }
  }

  /** Goes over the listpack once, for all members of the batch. */
  #findIndexed(batch: MemberBatch, found: Int32Array): void {
    const listed = this.#listed;
    const index = this.#index;
    const hashes = batch.hashes();
    const operations = this.#isSorted ? this.#sortedListpack : this.#setListpack;
    found.fill(0, 0, batch.count);
    this.#next = operations.first(this.#ref);
    for (;;) {
      listed.begin(false);
      if (this.#isSorted) this.#fillFromSortedListpack(listed);
      else this.#fillFromListpack(listed);
      if (listed.count === 0) return;
      const listedHashes = listed.hashes();
      index.fill(0);
      for (let i = 0; i < listed.count; i++) {
        let slot = listedHashes[i] & (INDEX_SLOTS - 1);
        while (index[slot] !== 0) slot = (slot + 1) & (INDEX_SLOTS - 1);
        index[slot] = i + 1;
      }
      for (let i = 0; i < batch.count; i++) {
        for (
          let slot = hashes[i] & (INDEX_SLOTS - 1);
          found[i] === 0 && index[slot] !== 0;
          slot = (slot + 1) & (INDEX_SLOTS - 1)
        ) {
          const j = index[slot] - 1;
          if (hashes[i] === listedHashes[j] && batch.isSame(i, listed, j)) {
            found[i] = listed.positions[j];
          }
        }
      }
    }
  }
}
