/**
 * What went wrong, in the few words that the server tells apart. A runtime has its own classes of
 * errors, and the server never looks at them.
 */

export type FailureKind =
  /** The peer or this side has ended the connection. */
  | "disconnected"
  | "addressInUse"
  /** The address is none of this machine's. */
  | "addressNotAvailable"
  /** The runtime was not given a permission; see {@linkcode Failures.missingPermission}. */
  | "notPermitted"
  /** The system refuses, whatever the runtime was permitted. */
  | "refusedBySystem"
  | "notFound"
  /** The process, or the machine, has no descriptor left for a further file or socket. */
  | "noDescriptors"
  /** What a peer sends is not TLS as it should be, or a certificate or key is none. */
  | "tls"
  | "other";

/** A permission that the runtime was not given, and what it was wanted for. */
export interface MissingPermission {
  /** "net", "read", "write", … */
  readonly kind: string;
  /** An address or a path as the runtime shows it; undefined where it names none. */
  readonly resource: string | undefined;
}

export interface Failures {
  kindOf(error: unknown): FailureKind;
  /** Whether an error of a socket only says that the connection is over. */
  isDisconnect(error: unknown): boolean;
  /** What was not permitted, where that can be told. */
  missingPermission(error: unknown): MissingPermission | undefined;
  /** The error's message on one line, without colours, cut to a length that a line of a log bears. */
  messageOf(error: unknown): string;
}
