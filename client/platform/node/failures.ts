/**
 * Messages of Node and Bun. They repeat what the client shows already, "connect ENOENT /run/x.sock";
 * the system's own words are to be had by the number of the error.
 */

import { getSystemErrorMap } from "node:util";
import type { Failures } from "../failures.ts";

function messageOf(error: unknown): string {
  // One error for each address of a name.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const message = first instanceof Error ? first.message : String(first);
  const words = wordsOfOpenssl(message) ?? wordsOfSystem(first) ?? message;
  return words.replace(/\s*\n\s*/g, " ");
}

/** OpenSSL's messages are fields between colons, of which one is for people. */
function wordsOfOpenssl(message: string): string | undefined {
  return /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1];
}

function wordsOfSystem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("errno" in error)) return undefined;
  return getSystemErrorMap().get(Number(error.errno))?.[1];
}

export const failures: Failures = { messageOf };
