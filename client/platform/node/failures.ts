/**
 * Messages of Node and Bun. They repeat what the client shows already, "connect ENOENT /run/x.sock",
 * and what OpenSSL says has the look of a stack. Better words are to be had by the error's code and
 * number.
 */

import { getSystemErrorMap } from "node:util";
import type { Failures } from "../failures.ts";

interface SystemError extends Error {
  readonly code?: string;
  readonly errno?: number;
}

const OPENSSL = "ERR_SSL_";

function messageOf(error: unknown): string {
  // There is one for each address that a name has.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const words = first instanceof Error ? wordsOf(first) : String(first);
  return words.replace(/\s*\n\s*/g, " ").trim();
}

function wordsOf({ code = "", errno = 0, message }: SystemError): string {
  if (code.startsWith(OPENSSL)) {
    const reason = code.slice(OPENSSL.length).replaceAll("_", " ").toLowerCase();
    return `what it answers is not TLS as it should be: ${reason}`;
  }
  if (code === "ENOTFOUND") return "the name is not known";
  return getSystemErrorMap().get(errno)?.[1] ?? message;
}

export const failures: Failures = { messageOf };
