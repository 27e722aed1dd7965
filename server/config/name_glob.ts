/** Glob patterns over setting names, in any case of letters, for CONFIG GET. */

import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import { GlobPattern } from "../../structures/bytes/glob.ts";

/**
 * The bytes of names that patterns were tried on. Those are names of settings and commands, so there
 * are few, and one request may try each of them on thousands of patterns.
 */
const bytesOfNames = new Map<ByteString, Uint8Array>();

function bytesOf(name: ByteString): Uint8Array {
  let bytes = bytesOfNames.get(name);
  if (bytes === undefined) bytesOfNames.set(name, bytes = bytesOfByteString(name));
  return bytes;
}

/**
 * What tells whether a whole name matches the pattern, see structures/bytes/glob.ts. A pattern ends
 * at its first NUL, as where names are C's strings. O(pattern), and O(name) for each name.
 */
export function nameMatcher(pattern: ByteString): (name: ByteString) => boolean {
  const nul = pattern.indexOf("\0");
  const bytes = bytesOfByteString(nul === -1 ? pattern : pattern.slice(0, nul));
  return bytesMatcher(bytes, 0, bytes.length);
}

/** As {@linkcode nameMatcher}, of a pattern in bytes, NULs and all, which may be of any length. */
export function bytesMatcher(
  bytes: Uint8Array,
  start: number,
  length: number,
): (name: ByteString) => boolean {
  const glob = new GlobPattern(bytes, start, length, true);
  return (name) => glob.matches(bytesOf(name), 0, name.length);
}
