/**
 * Long answers of set algebra, written a piece at a time: members of one set at places that are
 * listed, or all members of a set that was made for the reply and goes with it.
 *
 * ```
 *   places in a key's set    the set is read as it is; should it be about to change, what is left
 *                            of the answer is copied first (server/keyspace/pinned_members.ts)
 *   a set of its own         nobody else knows it
 * ```
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { PiecewiseReply } from "../../server/execution/piecewise_reply.ts";
import type { Pin, PinnedMembers, PinReader } from "../../server/keyspace/pinned_members.ts";
import type { MemberAlgebra } from "../../structures/algebra/member_algebra.ts";
import type { Ref } from "../../structures/arena/arena.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { MemberCopy } from "../../structures/set/member_copy.ts";
import type { MemberSet } from "../../structures/set/member_set.ts";
import type { RefList } from "../../structures/set/ref_list.ts";
import { MEMBER } from "./member_reply.ts";
import { piece } from "./piece.ts";

/**
 * Writes what algebra has collected of its first source, behind a header that the caller has written:
 * at one go where that is a piece, else in pieces. O(places).
 */
export function replyCollected(call: Call, algebra: MemberAlgebra): void {
  const { places, set, sources } = algebra;
  const encoding = sources.encoding(0);
  const ref = sources.ref(0);
  const written = writePlaces(call.reply, algebra, encoding, ref, places, 0);
  if (written === places.count) return;
  const { db, keyspace: { pinnedSets } } = call;
  set.open(encoding, ref);
  const pieces = new PlacePieces(algebra, pinnedSets, db.index, set, algebra.takePlaces(), written);
  call.replyInPieces(pieces);
}

/** Writes members from the `from`-th place on until a piece is full; answers which is next. */
function writePlaces(
  reply: Reply,
  algebra: MemberAlgebra,
  encoding: number,
  ref: Ref,
  places: RefList,
  from: number,
): number {
  const { batch } = algebra;
  const { lengths, starts } = batch;
  piece.begin(reply.out);
  let next = from;
  while (next < places.count) {
    const read = algebra.readAt(encoding, ref, places, next);
    batch.writeTexts();
    for (let i = 0; i < read; i++) {
      reply.bulkBytes(batch.bytesOf(i), starts[i], lengths[i]);
      next++;
      if (piece.isFull()) return next;
    }
  }
  return next;
}

class PlacePieces implements PiecewiseReply, PinReader<MemberSet> {
  readonly needsValues = false;
  readonly #algebra: MemberAlgebra;
  readonly #pins: PinnedMembers<MemberSet>;
  readonly #pin: Pin<MemberSet>;
  readonly #places: RefList;
  /** The place that comes next; of a copy, the number of the member. */
  #next: number;
  /** What was left when the set was about to change. */
  #copy: MemberCopy | undefined;

  constructor(
    algebra: MemberAlgebra,
    pins: PinnedMembers<MemberSet>,
    database: number,
    set: MemberSet,
    places: RefList,
    next: number,
  ) {
    this.#algebra = algebra;
    this.#pins = pins;
    this.#places = places;
    this.#next = next;
    this.#pin = pins.pin(database, set, this);
  }

  write(reply: Reply): boolean {
    const { encoding, isLost, ref } = this.#pin;
    if (isLost) {
      throw new ByteQueueFullError("no memory for what it needs of a set that has changed");
    }
    if (this.#copy !== undefined) return this.#writeCopy(reply, this.#copy);
    const places = this.#places;
    this.#next = writePlaces(reply, this.#algebra, encoding, ref, places, this.#next);
    return this.#next < places.count;
  }

  #writeCopy(reply: Reply, copy: MemberCopy): boolean {
    piece.begin(reply.out);
    while (this.#next < copy.count) {
      copy.seek(++this.#next);
      MEMBER.write(reply, copy);
      if (piece.isFull()) break;
    }
    return this.#next < copy.count;
  }

  lastLook(set: MemberSet): boolean {
    const places = this.#places;
    const copy = new MemberCopy(places.count - this.#next);
    for (let i = this.#next; i < places.count; i++) {
      set.seek(places.at(i));
      copy.add(set.member, undefined);
    }
    this.#copy = copy;
    this.#next = 0;
    return false;
  }

  ended(): void {
    this.#pins.release(this.#pin, this);
    this.#copy = undefined;
  }
}

/**
 * Writes all members of a set that is nobody's, behind a header that the caller has written, and frees
 * the set when that is done. O(n).
 */
export function replyOwn(call: Call, set: MemberSet): void {
  let isDone = true;
  try {
    set.seekFirst();
    isDone = writeOn(call.reply, set);
  } finally {
    if (isDone) set.destroy();
  }
  if (!isDone) call.replyInPieces(new OwnPieces(set));
}

/** Writes members from the cursor on until a piece is full; answers whether those were the last. */
function writeOn(reply: Reply, set: MemberSet): boolean {
  piece.begin(reply.out);
  let isFull = false;
  for (let more = set.position !== 0; more && !isFull; more = set.next()) {
    MEMBER.write(reply, set);
    isFull = piece.isFull();
  }
  return set.position === 0;
}

class OwnPieces implements PiecewiseReply {
  readonly #view: MemberSet;
  readonly #encoding: number;
  readonly #ref: Ref;
  /** The member that comes next. */
  #position: number;

  constructor(set: MemberSet) {
    this.#view = set;
    this.#encoding = set.encoding;
    this.#ref = set.ref;
    this.#position = set.position;
  }

  write(reply: Reply): boolean {
    const set = this.#view;
    set.open(this.#encoding, this.#ref);
    set.seek(this.#position);
    const isDone = writeOn(reply, set);
    this.#position = set.position;
    return !isDone;
  }

  ended(): void {
    this.#view.open(this.#encoding, this.#ref);
    this.#view.destroy();
  }
}
