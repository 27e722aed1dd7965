// A sequence of calls, and how it is written down: in the words that redis-cli and the scripts of
// comparison() take, so that a sequence which failed can be pasted there.

/** A call: its words as strings with a character for each byte. */
export type Words = readonly string[];

export interface Sequence {
  /** What it was made from. */
  readonly seed: number;
  readonly protocol: 2 | 3;
  /** Settings that both servers get before the first call. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether collections may be hash tables, in whose elements there is no order to compare. */
  readonly hasHashTables: boolean;
  readonly calls: readonly Words[];
}

export function bytesOf(word: string): Uint8Array {
  return Uint8Array.from(word, (character) => character.charCodeAt(0));
}

/** A call as one line. */
export function lineOf(call: Words): string {
  return call.map(quoted).join(" ");
}

/** All of a sequence, a line a call. */
export function scriptOf({ calls, protocol, settings }: Sequence): string {
  const lines = Object.entries(settings).map(([name, value]) => `CONFIG SET ${name} ${value}`);
  return [`HELLO ${protocol}`, ...lines, ...calls.map(lineOf)].map((line) => `  ${line}`).join(
    "\n",
  );
}

function quoted(word: string): string {
  if (/^[\w.:*+#@(\[<>,=?&!$%^|/{}\]);~-]+$/.test(word)) return word;
  const escaped = word.replace(/["\\]/g, "\\$&").replace(
    /[^ -~]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
