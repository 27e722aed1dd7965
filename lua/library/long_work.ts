/**
 * Work of built-in functions that may take long, in pieces: between them the host is asked whether to go
 * on, and where it wants to stop, a frame is left that goes on with the next piece.
 */

import type { Frame } from "../runtime/frame.ts";
import type { LuaError } from "../runtime/lua_error.ts";
import { type Machine, SUSPENSION } from "../runtime/machine.ts";
import type { Results } from "../runtime/value.ts";

/** What a piece of work answers when there is more to do. */
export const UNFINISHED: unique symbol = Symbol("unfinished");

/** Does the next piece: until {@linkcode Machine.budget} is spent, and one step where there is any. */
export type Work = () => Results | typeof UNFINISHED;

/** Works until it is done. */
export function workOff(machine: Machine, work: Work): Results {
  const results = work();
  return results === UNFINISHED ? new WorkFrame(machine, work).start() : results;
}

class WorkFrame implements Frame {
  readonly #machine: Machine;
  readonly #work: Work;

  constructor(machine: Machine, work: Work) {
    this.#machine = machine;
    this.#work = work;
  }

  /** Goes on where a piece has ended. */
  start(): Results {
    pauseIn(this.#machine, this);
    return this.resume();
  }

  resume(): Results {
    for (;;) {
      const results = this.#work();
      if (results !== UNFINISHED) return results;
      pauseIn(this.#machine, this);
    }
  }

  fail(error: LuaError): Results {
    throw error;
  }
}

/** Asks the host whether to go on; leaves the frame, and throws SUSPENSION, where not. */
export function pauseIn(machine: Machine, frame: Frame): void {
  try {
    machine.pause();
  } catch (thrown) {
    if (thrown === SUSPENSION) machine.leave(frame);
    throw thrown;
  }
}
