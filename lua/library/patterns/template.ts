/** What `gsub` puts in the place of matches: text in which `%1` stands for a capture, `%0` for all. */

import { toText } from "../../runtime/operations.ts";
import type { TextBuilder } from "../text_builder.ts";
import type { Matcher } from "./matcher.ts";

/** The whole match, among captures' numbers. */
const WHOLE = -1;

export class Template {
  /** The text, where it has no captures. */
  readonly constant: string | undefined;
  readonly #pieces: readonly (string | number)[];

  constructor(pieces: readonly (string | number)[]) {
    this.#pieces = pieces;
    this.constant = pieces.every((piece) => typeof piece === "string")
      ? pieces.join("")
      : undefined;
  }

  /** The text for a match. @throws {LuaError} where it names a capture that the pattern has not */
  fill(matcher: Matcher): string {
    let text = "";
    for (const piece of this.#pieces) {
      if (typeof piece === "string") text += piece;
      else if (piece === WHOLE) text += matcher.subject.slice(matcher.start, matcher.end);
      else text += toText(matcher.capture(piece));
    }
    return text;
  }

  /** The same, added to a text that is under way. */
  fillInto(builder: TextBuilder, matcher: Matcher): void {
    for (const piece of this.#pieces) {
      if (typeof piece === "string") builder.add(piece, 0, piece.length);
      else if (piece === WHOLE) builder.add(matcher.subject, matcher.start, matcher.end);
      else if (matcher.isText(piece)) {
        builder.add(matcher.subject, matcher.captureStarts[piece], matcher.captureEnds[piece]);
      } else {
        const text = toText(matcher.capture(piece));
        builder.add(text, 0, text.length);
      }
    }
  }
}

/** Reads a template: `%` and what is no digit is that itself, and a zero byte at the end. O(length). */
export function templateOf(source: string): Template {
  const pieces: (string | number)[] = [];
  let from = 0;
  for (let at = source.indexOf("%"); at >= 0; at = source.indexOf("%", from)) {
    if (at > from) pieces.push(source.slice(from, at));
    const sign = source[at + 1] ?? "\0";
    pieces.push(sign >= "0" && sign <= "9" ? Number(sign) - 1 : sign);
    from = at + 2;
  }
  if (from < source.length) pieces.push(source.slice(from));
  return new Template(pieces);
}
