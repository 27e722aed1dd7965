/**
 * A sorted set as a collection of members: walked from the highest down, drawn from and scanned as
 * sets and hashes are; and searched by score without a look at the members.
 *
 * ```
 *   scores   1.0   2.5   2.5   4.0   7.5  …       read one after the other, in order
 *   places    p₀    p₁    p₂    p₃    p₄  …       what is wanted is kept by its place in the order
 *                   └ seekPlace: score and member
 * ```
 *
 * A view beside {@linkcode SortedSet}, which it sees a value together with, by encoding and reference.
 * Positions are those of a member_walk.ts: elements, which have their places behind them.
 */

import { type Arena, NONE, type Ref } from "../arena/arena.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import type { RandomInt } from "../set/member_operations.ts";
import type { MemberWalk } from "../set/member_walk.ts";
import type { RefList } from "../set/ref_list.ts";
import { SortedSetEncoding } from "./sorted_set.ts";
import { ListpackSortedSet } from "./sorted_set_listpack.ts";
import type { SortedSetOperations } from "./sorted_set_operations.ts";
import { TreeSortedSet } from "./sorted_set_tree.ts";

const { Listpack: LISTPACK, Tree: TREE } = SortedSetEncoding;

const scoreNumber = new Float64Array(1);
const scoreView: ByteView = { bytes: new Uint8Array(scoreNumber.buffer), start: 0, length: 8 };

/** The score under a view's cursor as what a copy keeps beside a member: eight bytes. */
export function scoreBytes(view: SortedSetMembers): ByteView {
  scoreNumber[0] = view.score;
  return scoreView;
}

/** The score that {@linkcode scoreBytes} has made bytes of. */
export function scoreInView({ bytes, start }: ByteView): number {
  for (let i = 0; i < scoreView.length; i++) scoreView.bytes[i] = bytes[start + i];
  return scoreNumber[0];
}

/** Looks at a score and its place, and answers whether to go on. */
export type ScoreVisitor = (score: number, place: number) => boolean;

/** A view of one sorted set at a time; see the top of the file. */
export class SortedSetMembers implements MemberWalk {
  encoding: number = LISTPACK;
  ref: Ref = NONE;
  /** Score of the element under the cursor. */
  score = 0;
  readonly member: ByteView = emptyView();
  readonly #small: ListpackSortedSet;
  readonly #large: TreeSortedSet;
  #operations: SortedSetOperations;
  /** The element under the cursor, 0 where it is on none, or on one of which only the place is known. */
  #element = 0;
  /** Its place in the order, 0 where that has not been asked for. */
  #place = 0;

  constructor(arena: Arena, hasher: KeyHasher) {
    this.#small = new ListpackSortedSet(arena);
    this.#large = new TreeSortedSet(arena, hasher);
    this.#operations = this.#small;
  }

  open(encoding: number, ref: Ref): void {
    this.encoding = encoding;
    this.ref = ref;
    this.#operations = encoding === LISTPACK ? this.#small : this.#large;
    this.#element = 0;
    this.#place = 0;
  }

  get count(): number {
    return this.#operations.count(this.ref);
  }

  get liveCount(): number {
    return this.count;
  }

  get isTable(): boolean {
    return this.encoding === TREE;
  }

  get position(): number {
    if (this.#element !== 0 || this.#place === 0) return this.#element;
    return this.#operations.elementAt(this.ref, this.#place);
  }

  seek(position: number): boolean {
    this.#element = position;
    this.#place = 0;
    if (position === 0) return false;
    this.score = this.#operations.scoreOf(this.ref, position);
    this.#operations.readElement(this.ref, position, this.member);
    return true;
  }

  /** Puts the cursor on a place in the order. O(1). */
  seekPlace(place: number): boolean {
    this.#element = 0;
    this.#place = place;
    if (place === 0) return false;
    this.score = this.#operations.scoreAt(this.ref, place);
    this.#operations.readMember(this.ref, place, this.member);
    return true;
  }

  seekFirst(): boolean {
    return this.seekPlace(this.#operations.last(this.ref));
  }

  next(): boolean {
    const operations = this.#operations;
    const place = this.#place !== 0 ? this.#place : operations.positionOf(this.ref, this.#element);
    return this.seekPlace(operations.previous(this.ref, place));
  }

  skip(members: number): boolean {
    const operations = this.#operations;
    const place = this.#place !== 0 ? this.#place : operations.positionOf(this.ref, this.#element);
    return this.seekPlace(operations.offset(this.ref, place, -members));
  }

  /** A walk goes down, and so there are no runs. */
  nextRun(run: EntryRun, _parts: number, _most: number): number {
    run.clear();
    return 0;
  }

  seekRandom(randomInt: RandomInt): boolean {
    return this.seek(this.#operations.random(this.ref, randomInt));
  }

  scan(cursor: number, found: RefList): number {
    return this.#operations.scan(this.ref, cursor, found);
  }

  /**
   * Visits the scores from `from` to below `to`, upwards, until the visitor has enough; it changes
   * nothing. O(log n + those).
   *
   * @returns whether it came to the end
   */
  visitScores(from: number, to: number, visit: ScoreVisitor): boolean {
    return this.#operations.visitScores(this.ref, from, to, visit);
  }
}
