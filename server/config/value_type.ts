/**
 * What a kind of value is: it turns the words of a directive into a typed value, or says why it
 * cannot, in Redis's words, because clients see them through CONFIG SET; and it writes the value as
 * CONFIG GET shows it and as a configuration file has it.
 *
 * Words and texts are byte strings. A value that Redis keeps as a text of C ends at its first NUL.
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { INT64_MAX, INT64_MIN } from "../../structures/numbers/int64.ts";

/** Why a value was refused; the message is Redis's text for it where Redis has one. */
export class InvalidValueError extends Error {
  override name = "InvalidValueError";
}

/** A value and the text by which CONFIG GET shows it. */
interface ParsedValue<V> {
  readonly value: V;
  readonly text: ByteString;
}

/** What stands behind a directive's name on one line of a configuration file. */
export interface FileLine {
  readonly words: ByteString;
  /** Whether CONFIG REWRITE adds it to a file that has no such line: the value is not the default. */
  readonly added: boolean;
}

export interface ValueType<V> {
  /** For help and documentation: "0..65535", "yes | no", … */
  readonly form: string;
  /** Whether it takes any number of words. */
  readonly multipleWords: boolean;
  /** Whether one single text is first cut into words, as CONFIG SET needs it. */
  readonly cutsAtSpaces: boolean;
  /**
   * Throws InvalidValueError. `previous` is the present value, for kinds that change a part of it;
   * `again` tells that a file or command line names the setting for another time.
   */
  parse(words: readonly ByteString[], previous: V, again: boolean): ParsedValue<V>;
  print(value: V): ByteString;
  /** The lines for a file; none takes the setting's lines out of it. */
  fileLines(parsed: ParsedValue<V>, initial: V): readonly FileLine[];
}

/** A value of one word, whose line in a file is its text unless `fileWords` writes it otherwise. */
export function singleWord<V>(
  form: string,
  parse: (text: ByteString) => ParsedValue<V>,
  print: (value: V) => ByteString,
  fileWords: (text: ByteString) => ByteString = (text) => text,
): ValueType<V> {
  return {
    form,
    multipleWords: false,
    cutsAtSpaces: false,
    parse: (words) => parse(words[0]),
    print,
    fileLines: ({ text }, initial) => [{ words: fileWords(text), added: text !== print(initial) }],
  };
}

/** The part of a text that C sees. */
export function upToNul(text: ByteString): ByteString {
  const nul = text.indexOf("\0");
  return nul === -1 ? text : text.slice(0, nul);
}

/**
 * What C's strtoll() makes of a whole text: blanks and a sign are taken, no digits at all are 0 if
 * nothing else is there, and values past 64 bits become the nearest of them. Undefined where
 * something is left over.
 */
export function wholeOf(text: ByteString): bigint | undefined {
  const seen = upToNul(text);
  if (seen === "") return 0n;
  const match = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)$/.exec(seen);
  if (match === null) return undefined;
  const magnitude = BigInt(match[2]);
  if (match[1] === "-") return magnitude > INT64_MAX ? INT64_MIN : -magnitude;
  return magnitude > INT64_MAX ? INT64_MAX : magnitude;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
]);

/** The bytes in double quotes, as a configuration file may have them; all of it is printable. */
export function inQuotes(text: ByteString): ByteString {
  const inner = text.replace(
    /[^ !#-[\]-~]/g,
    (byte) => ESCAPES.get(byte) ?? "\\x" + byte.charCodeAt(0).toString(16).padStart(2, "0"),
  );
  return `"${inner}"`;
}
