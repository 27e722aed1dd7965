/**
 * The rest of a long reply of members: so many drawn at random, each from all, or all in the order of
 * a walk. It is written a piece at a time, and sees the members as they were when it began
 * (server/keyspace/pinned_members.ts).
 *
 * ```
 *   the value as it is ──▶ piece ──▶ piece ──▶ …          view of it, opened for each piece
 *          │ is about to change
 *          ├─ many are left to draw, or a walk: a copy of all is read from then on
 *          └─ few are left to draw: they are drawn at once, and kept until they are sent
 * ```
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { PiecewiseReply } from "../../server/execution/piecewise_reply.ts";
import type { Pin, PinnedMembers, PinReader } from "../../server/keyspace/pinned_members.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { EntryRun } from "../../structures/listpack/entry_run.ts";
import { MemberCopy } from "../../structures/set/member_copy.ts";
import { Part, type RandomInt } from "../../structures/set/member_operations.ts";
import { piece } from "./piece.ts";
import { type MemberForm, type Members, type SeenField } from "./member_reply.ts";

/** Draws that are made before a change, so that a set so many times as large is not copied. */
const COPY_FACTOR = 16;

/** What can be drawn from: a value, or a copy. */
interface Drawable {
  seekRandom(randomInt: RandomInt): boolean;
}

/**
 * Writes up to `count` members of a view, each drawn from all, until a piece is full.
 *
 * @returns how many are left
 */
function writeDraws<Seen>(
  reply: Reply,
  seen: Seen & Drawable,
  form: MemberForm<Seen>,
  count: number,
  randomInt: RandomInt,
): number {
  piece.begin(reply.out);
  let left = count;
  while (left > 0) {
    seen.seekRandom(randomInt);
    form.write(reply, seen);
    left--;
    if (piece.isFull()) break;
  }
  return left;
}

/** What can be walked over from the cursor on: a value, or a copy. */
interface Walkable {
  readonly position: number;
  next(): boolean;
  nextRun(run: EntryRun, parts: number, most: number): number;
}

const run = new EntryRun();

/**
 * Writes up to `count` members, from the one under the cursor on, until a piece is full. The cursor is
 * then behind them.
 *
 * @returns how many are left
 */
function writeWalk<Seen>(
  reply: Reply,
  seen: Seen & Walkable,
  form: MemberForm<Seen>,
  count: number,
): number {
  piece.begin(reply.out);
  let left = count;
  while (left > 0 && seen.position !== 0) {
    const shown = form.parts === Part.None ? 0 : seen.nextRun(run, form.parts, left);
    if (shown > 0) {
      reply.bulkRun(run);
      left -= shown;
    } else {
      form.write(reply, seen);
      seen.next();
      left--;
    }
    if (piece.isFull()) break;
  }
  return left;
}

/**
 * Writes `count` members, each drawn from all of a view, behind a header that the caller has written:
 * at one go where that is a piece, else in pieces. O(count).
 */
export function replyDraws<View extends Members>(
  call: Call,
  pins: PinnedMembers<View>,
  view: View,
  count: number,
  form: MemberForm<NoInfer<View> | SeenField>,
): void {
  const { db, keyspace: { randomInt }, reply } = call;
  const left = writeDraws(reply, view, form, count, randomInt);
  if (left === 0) return;
  call.replyInPieces(new RandomPieces(pins, db.index, view, form, left, randomInt, 0));
}

/** Writes all members of a view, as {@linkcode replyDraws} does. O(n). */
export function replyWalk<View extends Members>(
  call: Call,
  pins: PinnedMembers<View>,
  view: View,
  form: MemberForm<NoInfer<View> | SeenField>,
): void {
  const { db, keyspace: { randomInt }, reply } = call;
  view.seekFirst();
  const left = writeWalk(reply, view, form, view.liveCount);
  if (left === 0) return;
  call.replyInPieces(
    new RandomPieces(pins, db.index, view, form, left, randomInt, view.position),
  );
}

class RandomPieces<View extends Members> implements PiecewiseReply, PinReader<View> {
  readonly needsValues: boolean;
  readonly #pins: PinnedMembers<View>;
  readonly #pin: Pin<View>;
  readonly #form: MemberForm<NoInfer<View> | SeenField>;
  readonly #randomInt: RandomInt;
  /** Members that are yet to be written. */
  #left: number;
  /** Whether they are those from a position on, in place of draws. */
  #isWalk: boolean;
  #position: number;
  /** What was drawn ahead, as the value was about to change. */
  #drawn: MemberCopy | undefined;

  /** @param position the next to be written of a walk; 0 where members are drawn */
  constructor(
    pins: PinnedMembers<View>,
    database: number,
    view: View,
    form: MemberForm<NoInfer<View> | SeenField>,
    left: number,
    randomInt: RandomInt,
    position: number,
  ) {
    this.needsValues = form.readsValue;
    this.#pins = pins;
    this.#form = form;
    this.#left = left;
    this.#randomInt = randomInt;
    this.#isWalk = position !== 0;
    this.#position = position;
    this.#pin = pins.pin(database, view, this);
  }

  write(reply: Reply): boolean {
    const pin = this.#pin;
    if (pin.isLost) {
      throw new ByteQueueFullError("no memory for what it needs of a value that has changed");
    }
    const seen = this.#drawn ?? pin.copy ?? this.#pins.open(pin);
    if (this.#isWalk) {
      seen.seek(this.#position);
      this.#left = writeWalk(reply, seen, this.#form, this.#left);
      this.#position = seen.position;
    } else {
      this.#left = writeDraws(reply, seen, this.#form, this.#left, this.#randomInt);
    }
    return this.#left > 0;
  }

  lastLook(view: View): boolean {
    if (this.#isWalk) {
      this.#position = view.liveCount - this.#left + 1;
      return true;
    }
    if (this.#left * COPY_FACTOR > view.count) return true;
    const drawn = new MemberCopy(this.#left);
    for (let i = 0; i < this.#left; i++) {
      view.seekRandom(this.#randomInt);
      drawn.add(view.member, this.needsValues ? this.#pins.valueOf(view) : undefined);
    }
    this.#drawn = drawn;
    this.#isWalk = true;
    this.#position = 1;
    return false;
  }

  ended(): void {
    this.#pins.release(this.#pin, this);
    this.#drawn = undefined;
  }
}
