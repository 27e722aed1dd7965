/** Glob patterns over setting names, in any case of letters, for CONFIG GET. */

import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import { matchesGlob } from "../../structures/bytes/glob.ts";

/** A byte behind a backslash, or a class up to its bracket, read as structures/bytes/glob.ts reads it. */
const ESCAPES_AND_CLASSES = /\\[\s\S]|(\[\^?)((?:\\[\s\S]|[^\]]-[\s\S]|[^\]])*)/g;
/** What a class is made of: a byte behind a backslash, a range, or a byte. */
const CLASS_PARTS = /(\\[\s\S])|[^\]]-[\s\S]|[\s\S]/g;

/** Whether the whole name matches the pattern, see structures/bytes/glob.ts. O(pattern × name). */
export function matchesName(pattern: ByteString, name: string): boolean {
  const glob = bytesOfByteString(inLowerCase(pattern));
  const text = bytesOfByteString(name);
  return matchesGlob(glob, 0, glob.length, text, 0, text.length);
}

/**
 * The pattern for names in lower case. A letter behind a backslash in a class stays as it is: there,
 * and only there, Redis tells capitals from small letters. A range whose ends are in order as they
 * stand, and no more in lower case (`[Z-a]`), matches nothing.
 */
function inLowerCase(pattern: ByteString): ByteString {
  let lower = "";
  let from = 0;
  for (const match of pattern.matchAll(ESCAPES_AND_CLASSES)) {
    const [part, opening, members] = match;
    lower += lowered(pattern.slice(from, match.index));
    lower += opening === undefined
      ? lowered(part)
      : opening + members.replace(CLASS_PARTS, (all, escaped?: string) => escaped ?? inClass(all));
    from = match.index + part.length;
  }
  return lower + lowered(pattern.slice(from));
}

/** A byte that no name has, as a member of a class. */
const NO_BYTE = "\\A";

/** A byte or a range of a class, in lower case. */
function inClass(part: ByteString): ByteString {
  const lower = lowered(part);
  if (part.length < 3) return lower;
  const first = signed(part), last = signed(part.slice(2));
  const [lowerFirst, lowerLast] = first <= last ? [lower[0], lower[2]] : [lower[2], lower[0]];
  return signed(lowerFirst) <= signed(lowerLast) ? lower : NO_BYTE;
}

/** The first byte as C's char has it. */
function signed(text: ByteString): number {
  return text.charCodeAt(0) << 24 >> 24;
}

/** Letters beyond ASCII stay as they are. */
function lowered(text: ByteString): ByteString {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
