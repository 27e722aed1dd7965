/**
 * Messages of Node and Bun. They repeat what the client shows already, "connect ENOENT /run/x.sock",
 * and what OpenSSL says has the look of a stack. Better words are to be had by the error's code.
 */

import type { Failures } from "../failures.ts";

/** What systems say of them. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EHOSTUNREACH: "no route to the host",
  EINVAL: "the address is none",
  EISDIR: "it is a directory",
  EMFILE: "the process has too many files open",
  ENAMETOOLONG: "the path is too long",
  ENETUNREACH: "the network cannot be reached",
  ENOENT: "no such file or directory",
  ENOTDIR: "a part of the path is no directory",
  ENOTFOUND: "the name is not known",
  ENOTSOCK: "it is no socket",
};

const OPENSSL = "ERR_SSL_";

function messageOf(error: unknown): string {
  // There is one for each address that a name has.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const words = first instanceof Error ? wordsOf(first) : String(first);
  return words.replace(/\s*\n\s*/g, " ").trim();
}

function wordsOf({ code = "", message }: Error & { readonly code?: string }): string {
  if (!code.startsWith(OPENSSL)) return WORDS[code] ?? message;
  const reason = code.slice(OPENSSL.length).replaceAll("_", " ").toLowerCase();
  return `what it answers is not TLS as it should be: ${reason}`;
}

export const failures: Failures = { messageOf };
