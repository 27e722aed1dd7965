/** DELEX key [IFEQ value | IFNE value | IFDEQ digest | IFDNE digest] */

import { NONE } from "../../structures/arena/arena.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import type { Call } from "../../server/execution/call.ts";
import { keyFlagBits } from "../../server/execution/key_spec.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { keyByCall } from "../key_spec.ts";
import { register } from "../registry.ts";
import { CONDITION_ARGUMENTS, conditionOption, holds, namesCondition } from "./value_condition.ts";

const NOT_A_STRING = new ErrorReply(
  "ERR Key should be of string type if conditions are specified",
);
const NO_CONDITION = new ErrorReply(
  "ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE",
);

/** How DELEX uses its key, without a condition and with one. */
const REMOVED = keyFlagBits(["RM", "delete"]);
const COMPARED_AND_REMOVED = keyFlagBits(["RW", "delete"]);

const options = new OptionCursor();

register({
  name: "delex",
  arity: -2,
  complexity: "O(1), and O(N) where a digest is compared, N being the length of the string",
  group: "string",
  since: "8.4.0",
  summary: "Deletes a key, if a condition holds for the string that it holds.",
  flags: ["write", "fast"],
  keys: keyByCall(1, ["RW", "delete"], keyFlagsOfCall),
  arguments: [
    { name: "key", type: "key" },
    { name: "condition", type: "oneof", optional: true, arguments: CONDITION_ARGUMENTS },
  ],
  run(call) {
    const { db, reply, server } = call;
    if (call.count !== 2 && call.count !== 4) throw call.wrongArity();
    const isDeleted = (call.count === 2 || isToBeDeleted(call)) &&
      db.delete(call.key(1), server.config.lazyFreeLazyUserDel);
    reply.integer(isDeleted ? 1 : 0);
  },
});

function keyFlagsOfCall(args: Arguments): number {
  return namesCondition(args, 2) ? COMPARED_AND_REMOVED : REMOVED;
}

/** Whether the key is there, and the condition holds for its string. */
function isToBeDeleted(call: Call): boolean {
  const entry = call.db.read(call.key(1));
  if (entry === NONE) return false;
  if (call.keyspace.entries.type(entry) !== Type.String) throw NOT_A_STRING;
  options.begin(call.args, 2);
  const condition = conditionOption(options);
  if (condition === 0) throw NO_CONDITION;
  return holds(call, condition, options.valueAt, entry);
}
