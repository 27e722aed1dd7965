/** Deno's errors in the server's words. */

import type { FailureKind, Failures, MissingPermission } from "../failures.ts";

const MAX_MESSAGE_LENGTH = 1000;

function isDisconnect(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.TimedOut ||
    // A peer that does not say goodbye in TLS's own way.
    error instanceof Deno.errors.UnexpectedEof;
}

function kindOf(error: unknown): FailureKind {
  if (isDisconnect(error)) return "disconnected";
  if (error instanceof Deno.errors.AddrInUse) return "addressInUse";
  if (error instanceof Deno.errors.AddrNotAvailable) return "addressNotAvailable";
  if (error instanceof Deno.errors.NotCapable) return "notPermitted";
  if (error instanceof Deno.errors.PermissionDenied) return "refusedBySystem";
  if (error instanceof Deno.errors.NotFound) return "notFound";
  if (error instanceof Deno.errors.InvalidData || isKeyMismatch(error)) return "tls";
  const code = systemCodeOf(error);
  if (code === "EMFILE" || code === "ENFILE") return "noDescriptors";
  return "other";
}

/** Deno has no class for it. */
function isKeyMismatch(error: unknown): boolean {
  return error instanceof Error && error.message.includes("KeyMismatch");
}

/** The system's name of an error that Deno has no class for. */
function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Deno's message names the kind of access and what it was wanted for. */
function missingPermission(error: unknown): MissingPermission | undefined {
  if (!(error instanceof Error)) return undefined;
  const wanted = /Requires (\w+) access(?: to ("[^"]*"))?/.exec(error.message);
  return wanted === null ? undefined : { kind: wanted[1], resource: wanted[2] };
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(COLOUR, "").replace(/\s*\n\s*/g, " ").slice(0, MAX_MESSAGE_LENGTH);
}

const COLOUR = new RegExp(String.fromCharCode(0x1b) + "\\[[0-9;]*m", "g");

export const failures: Failures = { kindOf, isDisconnect, missingPermission, messageOf };
