/** Glob patterns over setting names, in any case of letters, for CONFIG GET. */

import { matchesGlob } from "../../structures/bytes/glob.ts";

const encoder = new TextEncoder();

/** A byte behind a backslash, or a class up to its bracket, read as structures/bytes/glob.ts reads it. */
const ESCAPES_AND_CLASSES = /\\[\s\S]|(\[\^?)((?:\\[\s\S]|[^\]]-[\s\S]|[^\]])*)/g;
/** What a class is made of: a byte behind a backslash, a range, or a byte. */
const CLASS_PARTS = /(\\[\s\S])|[^\]]-[\s\S]|[\s\S]/g;

/** Whether the whole name matches the pattern, see structures/bytes/glob.ts. O(pattern × name). */
export function matchesName(pattern: string, name: string): boolean {
  const glob = encoder.encode(inLowerCase(pattern));
  const text = encoder.encode(name);
  return matchesGlob(glob, 0, glob.length, text, 0, text.length);
}

/**
 * The pattern for names in lower case. A letter behind a backslash in a class stays as it is: there,
 * and only there, Redis tells capitals from small letters.
 */
function inLowerCase(pattern: string): string {
  let lower = "";
  let from = 0;
  for (const match of pattern.matchAll(ESCAPES_AND_CLASSES)) {
    const [part, opening, members] = match;
    lower += lowered(pattern.slice(from, match.index));
    lower += opening === undefined
      ? lowered(part)
      : opening + members.replace(CLASS_PARTS, (all, escaped?: string) => escaped ?? lowered(all));
    from = match.index + part.length;
  }
  return lower + lowered(pattern.slice(from));
}

/** Letters beyond ASCII stay as they are. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
