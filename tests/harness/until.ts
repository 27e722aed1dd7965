// Waiting for something that happens soon, without guessing how soon.

const POLL_MS = 5;
const DEADLINE_MS = 30_000;

/** Settles once the condition holds. Rejects when it still does not after half a minute. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (!await condition()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
