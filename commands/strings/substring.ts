/**
 * GETRANGE, and SUBSTR, which is its name of old.
 *
 * ```
 *   bytes       H  e  l  l  o
 *   from 0      0  1  2  3  4
 *   or the end -5 -4 -3 -2 -1      GETRANGE k -3 3 is "ll"
 * ```
 */

import type { Call } from "../../server/execution/call.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

/** What differs between GETRANGE and SUBSTR. */
export type SubstringForm = Pick<
  CommandDeclaration,
  "name" | "since" | "summary" | "deprecatedSince" | "replacedBy"
>;

/** The declaration of a command that answers a part of a string. */
export function substringCommand(form: SubstringForm): CommandDeclaration {
  return {
    ...form,
    arity: 4,
    complexity: "O(N), N being the number of bytes answered",
    group: "string",
    flags: ["readonly"],
    keys: key(1, "RO", "access"),
    arguments: [
      { name: "key", type: "key" },
      { name: "start", type: "integer" },
      { name: "end", type: "integer" },
    ],
    run: replySubstring,
  };
}

function replySubstring(call: Call): void {
  const { reply } = call;
  const first = call.integer(2);
  const last = call.integer(3);
  const value = call.keyspace.strings.read(call, 1);
  const length = value?.length ?? 0;
  const from = fromStart(first, length);
  const to = Math.min(fromStart(last, length), length - 1);
  // Of two places before the string the first byte would be left, as both become its start. They are
  // compared as they were given: numbers of very many digits have been rounded.
  const isBackwards = first < 0 && last < 0 && call.int64(2) > call.int64(3);
  if (value === undefined || from > to || isBackwards) return reply.bulk("");
  reply.bulkBytes(value.bytes, value.start + from, to - from + 1);
}

/** A place in a string of `length` bytes, counted from its start; that is the first one there is. */
function fromStart(place: number, length: number): number {
  return Math.max(0, place < 0 ? length + place : place);
}
