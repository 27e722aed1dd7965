/**
 * A coroutine: the frames that wait for its next turn, and how it stands.
 *
 * It runs on the native stack of who resumes it. As it yields, its frames move to the heap, and what it
 * yields is what `resume` answers; the frames of the resumer stay where they are.
 */

import type { Frame } from "./frame.ts";

export type CoroutineStatus = "suspended" | "running" | "normal" | "dead";

export class Coroutine {
  status: CoroutineStatus = "suspended";
  /** From the outermost in; what is not running natively. */
  readonly frames: Frame[];
  /** Who resumed it, while it runs; undefined: the main program. */
  resumer: Coroutine | undefined = undefined;
  /** The machine's boundaries where it was resumed: beyond them it cannot yield. */
  boundaries = 0;

  /** @param body the frame that calls its function with the arguments of the first resume */
  constructor(body: Frame) {
    this.frames = [body];
  }

  get luaType(): "thread" {
    return "thread";
  }
}
