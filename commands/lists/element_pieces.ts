/**
 * A long reply of a list's elements, written a piece at a time: the list is read where it is, as it
 * was when the reply began (server/keyspace/pinned_members.ts).
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { PiecewiseReply } from "../../server/execution/piecewise_reply.ts";
import type { Pin, PinnedMembers, PinReader } from "../../server/keyspace/pinned_members.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import type { List } from "../../structures/list/list.ts";
import type { ListElements } from "../../structures/list/list_elements.ts";
import type { MemberCopy } from "../../structures/set/member_copy.ts";
import { piece } from "../members/piece.ts";
import { writeSome } from "./elements_reply.ts";

/**
 * Replies with `count` elements from index `first` on, under which the cursor is: at one go where that
 * is a piece, else in pieces. O(count).
 */
export function replyElements(call: Call, list: List, first: number, count: number): void {
  const { db, keyspace: { pinnedLists }, reply } = call;
  reply.array(count);
  const left = writePiece(reply, list, count);
  if (left === 0) return;
  call.replyInPieces(new ElementPieces(pinnedLists, db.index, list, first + count - left, left));
}

/** Writes elements from the one under the cursor on until a piece is full. @returns how many are left */
function writePiece(reply: Reply, list: List, count: number): number {
  piece.begin(reply.out);
  let left = count;
  while (left > 0) {
    left -= writeSome(reply, list, left);
    if (piece.isFull()) break;
  }
  return left;
}

class ElementPieces implements PiecewiseReply, PinReader<ListElements> {
  readonly needsValues = false;
  readonly #pins: PinnedMembers<ListElements>;
  readonly #pin: Pin<ListElements>;
  /** Index of the element that is next, and how many are to be written. */
  #index: number;
  #left: number;

  constructor(
    pins: PinnedMembers<ListElements>,
    database: number,
    { count, encoding, ref }: List,
    index: number,
    left: number,
  ) {
    this.#pins = pins;
    this.#index = index;
    this.#left = left;
    this.#pin = pins.pin(database, { encoding, ref, liveCount: count }, this);
  }

  write(reply: Reply): boolean {
    const pin = this.#pin;
    if (pin.isLost) {
      throw new ByteQueueFullError("no memory for what it needs of a list that has changed");
    }
    const left = pin.copy === undefined ? this.#writeList(reply) : this.#writeCopy(reply, pin.copy);
    this.#index += this.#left - left;
    this.#left = left;
    return left > 0;
  }

  #writeList(reply: Reply): number {
    const { list } = this.#pins.open(this.#pin);
    list.seek(this.#index);
    return writePiece(reply, list, this.#left);
  }

  #writeCopy(reply: Reply, copy: MemberCopy): number {
    piece.begin(reply.out);
    let left = this.#left;
    copy.seek(this.#index);
    while (left > 0 && copy.next()) {
      reply.bulkView(copy.member);
      left--;
      if (piece.isFull()) break;
    }
    return left;
  }

  lastLook(): boolean {
    return true;
  }

  ended(): void {
    this.#pins.release(this.#pin, this);
  }
}
