/**
 * A call that has stopped in the middle, as a script does that runs for long: its client waits, others
 * have their turn, and later it goes on.
 *
 * ```
 * EXEC ─▶ EVAL ─▶ stops: client.suspended = what is left of EVAL
 *    └─▶ sees that: client.suspended = what is left of EXEC, that of EVAL in it
 *
 * later ─▶ what is left of EXEC: that of EVAL, which replies, then the other commands
 * ```
 */

import type { Frame } from "./frame.ts";
import type { StoredRequest } from "./stored_request.ts";

export interface Suspension {
  /** The request that it is of, as a copy. */
  readonly request: StoredRequest;
  /** Goes on: writes the reply of the call, or stops once more. May throw what a command may. */
  resume(call: Frame): void;
}
