/**
 * Lines that a person or a script wrote, as the words of a request. The rules are those of inline
 * requests, and so is the splitter.
 */

import { RequestBatch } from "../protocol/arguments.ts";
import { splitWords } from "../protocol/inline_request.ts";

const MAX_WORDS = 1024 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The words of a line, unquoted; undefined when a quote is not closed. O(bytes). */
export function splitLine(line: string | Uint8Array): Uint8Array[] | undefined {
  // A copy, because the splitter unescapes in place.
  const bytes = typeof line === "string" ? encoder.encode(line) : line.slice();
  const batch = new RequestBatch();
  const count = splitWords(batch, 0, bytes, 0, bytes.length, MAX_WORDS);
  if (count < 0) return undefined;
  const words: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    words.push(bytes.subarray(batch.offsets[i], batch.offsets[i] + batch.lengths[i]));
  }
  return words;
}

/** A line that is still being typed. */
export interface UnfinishedLine {
  /** Every word, the last one included even while it is being typed. */
  readonly words: readonly string[];
  /** Whether more typing would make the last word longer. */
  readonly typing: boolean;
}

/** The words so far; a quote that is still open is taken as closed at the end. */
export function splitUnfinished(line: string): UnfinishedLine {
  const balanced = splitLine(line);
  const words = balanced ?? splitLine(line + '"') ?? splitLine(line + "'") ?? [];
  return {
    words: words.map(textOf),
    typing: words.length > 0 && (balanced === undefined || !/\s$/.test(line)),
  };
}

/** Bytes as text, for comparing with names; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
