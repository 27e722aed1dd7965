/** What went wrong, in the client's words. */

export type FailureKind =
  /** Nobody listens there. */
  | "refused"
  /** The peer has cut the connection. */
  | "reset"
  | "timedOut"
  /** Nobody reads standard output any more. */
  | "outputClosed"
  | "notFound"
  | "other";

/** By the system's names, which every runtime gives its errors as their `code`. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  ETIMEDOUT: "timedOut",
  EPIPE: "outputClosed",
  ENOENT: "notFound",
};

export function kindOf(error: unknown): FailureKind {
  if (!(error instanceof Error) || !("code" in error)) return "other";
  return KINDS[String(error.code)] ?? "other";
}

/** What a runtime says in its own way. */
export interface Failures {
  /** The words of the system or the runtime on one line, without numbers that only they know. */
  messageOf(error: unknown): string;
}
