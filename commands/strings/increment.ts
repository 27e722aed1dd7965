/** INCR, DECR, INCRBY and DECRBY: one addition, with another amount. */

import type { Call } from "../../server/execution/call.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { replyInt64 } from "../arguments/int64.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

const INCRBY = event("string", "incrby");

/** What differs between the commands that count. */
export interface IncrementForm {
  name: string;
  summary: string;
  /** The argument that says how much, if there is one. */
  argument?: string;
  /** What to add. May throw an ErrorReply. */
  delta(call: Call): number | bigint;
}

/** The declaration of a command that adds to the integer that a key holds. */
export function incrementCommand(form: IncrementForm): CommandDeclaration {
  const { name, summary, argument, delta } = form;
  return {
    name,
    arity: argument === undefined ? 2 : 3,
    complexity: "O(1)",
    group: "string",
    since: "1.0.0",
    summary,
    flags: ["write", "denyoom", "fast"],
    keys: key(1, "RW", "access", "update"),
    arguments: argument === undefined
      ? [{ name: "key", type: "key" }]
      : [{ name: "key", type: "key" }, { name: argument, type: "integer" }],
    run(call) {
      replyInt64(call.reply, call.keyspace.strings.increment(call, 1, delta(call), INCRBY));
    },
  };
}
