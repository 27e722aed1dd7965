/**
 * Saying no: what is thrown where something cannot be done as it was asked for, and whoever asked is
 * to read why. Nothing has changed then. All other errors are faults, or a lack of memory.
 */

/** An operation that is refused. Its message is for whoever asked for it. */
export class Refusal extends Error {
  override name = "Refusal";
}
