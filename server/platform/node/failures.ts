/**
 * Node's errors in the server's words. Node tells what went wrong by a code: the system's own
 * (`EADDRINUSE`), one of Node (`ERR_…`), or one of OpenSSL. Its messages are put in the system's words,
 * as those know them who look after servers.
 */

import type { FailureKind, Failures, MissingPermission } from "../failures.ts";

const MAX_MESSAGE_LENGTH = 1000;

const DISCONNECTS: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "EBADF",
  "EINTR",
  "ENOTCONN",
  "ESHUTDOWN",
  "ETIMEDOUT",
  "ERR_SERVER_NOT_RUNNING",
  "ERR_SOCKET_CLOSED",
  "ERR_SOCKET_CLOSED_BEFORE_CONNECTION",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_WRITE_AFTER_END",
  // A peer that does not say goodbye in TLS's own way.
  "ERR_SSL_UNEXPECTED_EOF_WHILE_READING",
]);

const KINDS: ReadonlyMap<string, FailureKind> = new Map([
  ["EADDRINUSE", "addressInUse"],
  ["EADDRNOTAVAIL", "addressNotAvailable"],
  ["ERR_ACCESS_DENIED", "notPermitted"],
  ["EACCES", "refusedBySystem"],
  ["EPERM", "refusedBySystem"],
  ["ENOENT", "notFound"],
  ["EMFILE", "noDescriptors"],
  ["ENFILE", "noDescriptors"],
]);

/** OpenSSL's errors; Bun has BoringSSL's. */
const TLS_CODE = /^(ERR_(SSL|TLS|OSSL|BORINGSSL|CRYPTO)_|ERR_BORINGSSL$|ERR_OSSL$|EPROTO$)/;

/** What `strerror` says, where Node says it in other words, or with a path behind. */
const SYSTEM_WORDS: ReadonlyMap<string, string> = new Map([
  ["EACCES", "Permission denied"],
  ["EADDRINUSE", "Address already in use"],
  ["EADDRNOTAVAIL", "Cannot assign requested address"],
  ["ECONNREFUSED", "Connection refused"],
  ["ECONNRESET", "Connection reset by peer"],
  ["EEXIST", "File exists"],
  ["EHOSTUNREACH", "No route to host"],
  ["EINVAL", "Invalid argument"],
  ["EIO", "Input/output error"],
  ["EISDIR", "Is a directory"],
  ["ELOOP", "Too many levels of symbolic links"],
  ["EMFILE", "Too many open files"],
  ["ENAMETOOLONG", "File name too long"],
  ["ENETUNREACH", "Network is unreachable"],
  ["ENFILE", "Too many open files in system"],
  ["ENOENT", "No such file or directory"],
  ["ENOSPC", "No space left on device"],
  ["ENOTDIR", "Not a directory"],
  ["ENOTEMPTY", "Directory not empty"],
  ["EPERM", "Operation not permitted"],
  ["EPIPE", "Broken pipe"],
  ["EROFS", "Read-only file system"],
  ["ETIMEDOUT", "Connection timed out"],
]);

/** Names that no resolver knows, or that are none. */
const LOOKUP_CODES: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NONAME",
]);

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

function isDisconnect(error: unknown): boolean {
  return DISCONNECTS.has(codeOf(error));
}

function kindOf(error: unknown): FailureKind {
  const code = codeOf(error);
  if (DISCONNECTS.has(code)) return "disconnected";
  return KINDS.get(code) ?? (TLS_CODE.test(code) || isPemError(error) ? "tls" : "other");
}

/** What is no certificate or key at all may have no code, or one of PEM's own. */
function isPemError(error: unknown): boolean {
  return error instanceof Error &&
    /PEM (routines|lib)|no start line|NO_START_LINE|key values mismatch|KEY_VALUES_MISMATCH/
      .test(error.message + codeOf(error));
}

/** Node may be started so that it asks for permissions, too. */
function missingPermission(error: unknown): MissingPermission | undefined {
  if (!(error instanceof Error) || codeOf(error) !== "ERR_ACCESS_DENIED") return undefined;
  const { permission, resource } = error as { permission?: unknown; resource?: unknown };
  const kind = PERMISSIONS.get(String(permission)) ?? String(permission);
  return { kind, resource: typeof resource === "string" ? `"${resource}"` : undefined };
}

const PERMISSIONS: ReadonlyMap<string, string> = new Map([
  ["FileSystemRead", "read"],
  ["FileSystemWrite", "write"],
  ["Net", "net"],
]);

function messageOf(error: unknown): string {
  const message = error instanceof Error ? plainMessage(error) : String(error);
  return message.replace(COLOUR, "").replace(/\s*\n\s*/g, " ").slice(0, MAX_MESSAGE_LENGTH);
}

function plainMessage(error: Error): string {
  const code = codeOf(error);
  const words = SYSTEM_WORDS.get(code);
  if (words !== undefined && error.message.includes(code)) return words;
  // Bun's message about a name that it cannot look up has no code.
  if (LOOKUP_CODES.has(code) || code === "" && /^Failed to listen at /.test(error.message)) {
    return "failed to lookup address information: Name or service not known";
  }
  // Else Node's own text says it.
  return error.message;
}

const COLOUR = new RegExp(String.fromCharCode(0x1b) + "\\[[0-9;]*m", "g");

export const failures: Failures = { kindOf, isDisconnect, missingPermission, messageOf };
