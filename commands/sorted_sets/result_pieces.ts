/**
 * What ZUNION, ZINTER and ZDIFF have made, as a reply: the elements of a sorted set that belongs to
 * the reply alone, in pieces where they are many, and freed behind the last.
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { PiecewiseReply } from "../../server/execution/piecewise_reply.ts";
import type { SortedResult } from "../../structures/algebra/sorted_result.ts";
import { piece } from "../members/piece.ts";

/** Replies with the sorted set that algebra has made. O(n). */
export function replyResult(call: Call, withScores: boolean): void {
  const { keyspace: { algebra }, reply } = call;
  const { sorted } = algebra;
  try {
    if (withScores) reply.pairs(sorted.count);
    else reply.array(sorted.count);
    const written = writeResult(reply, sorted, 0, withScores);
    if (written < sorted.count) {
      call.replyInPieces(new ResultPieces(algebra.takeSorted(), written, withScores));
    }
  } finally {
    algebra.sorted.discard();
  }
}

/** Writes elements from a rank on until a piece is full; answers which is next. */
function writeResult(
  reply: Reply,
  sorted: SortedResult,
  from: number,
  withScores: boolean,
): number {
  piece.begin(reply.out);
  let next = from;
  while (next < sorted.count) {
    sorted.read(next++);
    if (withScores) reply.pair();
    reply.bulkView(sorted.member);
    if (withScores) reply.double(sorted.score);
    if (piece.isFull()) break;
  }
  return next;
}

class ResultPieces implements PiecewiseReply {
  readonly #sorted: SortedResult;
  #next: number;
  readonly #withScores: boolean;

  /** @param sorted belongs to it from now on */
  constructor(sorted: SortedResult, next: number, withScores: boolean) {
    this.#sorted = sorted;
    this.#next = next;
    this.#withScores = withScores;
  }

  write(reply: Reply): boolean {
    this.#next = writeResult(reply, this.#sorted, this.#next, this.#withScores);
    return this.#next < this.#sorted.count;
  }

  ended(): void {
    this.#sorted.discard();
  }
}
