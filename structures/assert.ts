/** What must hold, or else the program is wrong. Its own, so that importing Ravel takes no library. */

class AssertionError extends Error {
  override name = "AssertionError";
}

/** @throws {AssertionError} where the condition does not hold */
export function assert(
  condition: unknown,
  message = "an assertion does not hold",
): asserts condition {
  if (!condition) throw new AssertionError(message);
}
