/**
 * When a piece of a long reply of members is full: by its bytes, or by the time that it has taken.
 */

import type { OutputQueue } from "../../structures/bytes/output_queue.ts";
import { monotonicMs } from "../../structures/real_time.ts";

/** A piece ends with the member that brings it to so many bytes … */
const PIECE_BYTES = 64 * 1024;
/** … or when so much time has gone by, which is looked at once in a while. */
const PIECE_MS = 1;
const MEMBERS_BETWEEN_CLOCKS = 64;

/** See the top of the file. */
class Piece {
  #out!: OutputQueue;
  #fullBytes = 0;
  #members = 0;
  #endMs = 0;

  begin(out: OutputQueue): void {
    this.#out = out;
    this.#fullBytes = out.length + PIECE_BYTES;
    this.#members = 0;
  }

  /** Asked behind each member. */
  isFull(): boolean {
    if (this.#out.length >= this.#fullBytes) return true;
    const members = ++this.#members;
    if (members % MEMBERS_BETWEEN_CLOCKS !== 0) return false;
    const nowMs = monotonicMs();
    if (members === MEMBERS_BETWEEN_CLOCKS) this.#endMs = nowMs + PIECE_MS;
    return nowMs >= this.#endMs;
  }
}

/** One for all: a piece is written at one go. */
export const piece: Piece = new Piece();
