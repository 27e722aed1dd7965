/** A coroutine: the frames that wait for its next turn, and how it stands. */

import type { Frame } from "./frame.ts";

export class Coroutine {
  status: "suspended" | "running" | "normal" | "dead" = "suspended";
  /** From the outermost in; what is not running natively. */
  frames: Frame[] = [];
}
