/** Glob patterns over setting names, in any case of letters, for CONFIG GET. */

import { matchesGlob } from "../../commands/glob.ts";

const encoder = new TextEncoder();

/** Whether the whole name matches the pattern, see commands/glob.ts. O(pattern × name). */
export function matchesName(pattern: string, name: string): boolean {
  const glob = encoder.encode(pattern.toLowerCase());
  const text = encoder.encode(name);
  return matchesGlob(glob, 0, glob.length, text, 0, text.length);
}
