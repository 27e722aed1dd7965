/** Deno's messages, which are the system's words and its number of the error behind them. */

import type { Failures } from "../failures.ts";

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\)/, "").replace(/\s*\n\s*/g, " ");
}

export const failures: Failures = { messageOf };
