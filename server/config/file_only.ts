/**
 * Directives that only a file or the command line has: they are no settings, and CONFIG does not know
 * them. None of these has an effect here. One that restricts who may do what is refused, for a server
 * that starts without the restriction looks like one that has it.
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";

/** Why the words are refused, or undefined where they may be passed over. */
type Verdict = (words: readonly ByteString[]) => string | undefined;

function anyOneWord(words: readonly ByteString[]): string | undefined {
  return words.length === 1 ? undefined : "wrong number of arguments";
}

const FILE_ONLY: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  [
    "loadmodule",
    () => "modules of Redis cannot be loaded; commands of your own are added with plugin",
  ],
  ["sentinel", () => "Ravel does not run as a Sentinel"],
  ["list-max-ziplist-entries", anyOneWord],
  ["list-max-ziplist-value", anyOneWord],
  ["lua-replicate-commands", anyOneWord],
]);

/** Whether a name in lower case is one of these. */
export function isFileOnly(name: string): boolean {
  return FILE_ONLY.has(name);
}

/** Why such a directive is refused, or undefined where it may be passed over. */
export function refusalOf(name: string, words: readonly ByteString[]): string | undefined {
  return FILE_ONLY.get(name)?.(words);
}
