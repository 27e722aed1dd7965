/** What EVAL, FCALL and the like have in common: `name numkeys [key …] [arg …]`. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { countedKeys, withNotes } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

/** The argument that names what is run, or is it, and that in front of the keys. */
export const NAME_AT = 1;
export const COUNT_AT = 2;

const TOO_MANY_KEYS = new ErrorReply("ERR Number of keys can't be greater than number of args");
const NEGATIVE_KEYS = new ErrorReply("ERR Number of keys can't be negative");

const NOTHING_SECRET = { sensitive: undefined };

const NOTE = "What the keys are used for is not known, so the most is assumed.";

/**
 * That part of a declaration.
 *
 * @param named what argument 1 is called
 * @param isReadOnly whether what is run may change nothing
 */
export function callForm(
  named: string,
  isReadOnly: boolean,
): Pick<CommandDeclaration, "arity" | "group" | "flags" | "keys" | "arguments" | "tellsLongCalls"> {
  const keys = isReadOnly
    ? countedKeys(COUNT_AT, "RO", "access")
    : countedKeys(COUNT_AT, "RW", "access", "update");
  return {
    arity: -3,
    group: "scripting",
    tellsLongCalls: true,
    flags: [
      "noscript",
      "stale",
      "skip_monitor",
      isReadOnly ? "readonly" : "may_replicate",
      "no_mandatory_keys",
    ],
    // Redis has the note on all but EVALSHA and its like.
    keys: named === "sha1" ? keys : withNotes(keys, NOTE),
    arguments: [
      { name: named, type: "string" },
      { name: "numkeys", type: "integer" },
      { name: "key", type: "key", optional: true, multiple: true },
      { name: "arg", type: "string", optional: true, multiple: true },
    ],
  };
}

/** Who watches sees a call before what that calls. */
export function announce(call: Call): void {
  call.server.monitor.announce(call, NOTHING_SECRET);
}

/** As many keys as are said to be there. @throws {ErrorReply} where they cannot be */
export function keysWithin(call: Call, count: number): number {
  if (count > call.count - COUNT_AT - 1) throw TOO_MANY_KEYS;
  if (count < 0) throw NEGATIVE_KEYS;
  return count;
}
