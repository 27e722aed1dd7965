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
import type { SuspendedRequest } from "./client.ts";

export interface Suspension extends SuspendedRequest {
  /** Goes on: writes the reply of the call, or stops once more. May throw what a command may. */
  resume(call: Frame): void;
}
