/** FCALL and FCALL_RO, which differ in what the function may do. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { CallEffect } from "../../server/execution/call_effects.ts";
import { effectsOfFlags } from "../../server/scripting/script_flags.ts";
import type { CommandDeclaration, KeySpec } from "../registry.ts";

const NO_FUNCTION = new ErrorReply("ERR Function not found");
const NO_NUMBER = new ErrorReply("ERR Bad number of keys provided");
const TOO_MANY_KEYS = new ErrorReply("ERR Number of keys can't be greater than number of args");
const NEGATIVE_KEYS = new ErrorReply("ERR Number of keys can't be negative");

/** The argument that names the function, and that in front of the keys. */
const NAME_AT = 1;
const COUNT_AT = 2;

/** The declaration of a command that calls a function. */
export function functionCall(
  form: Pick<CommandDeclaration, "name" | "summary" | "flags">,
  keys: KeySpec,
): CommandDeclaration {
  const mayReplicate = form.flags.includes("may_replicate") ? CallEffect.MayReplicate : 0;
  return {
    ...form,
    arity: -3,
    complexity: "Depends on the function",
    group: "scripting",
    since: "7.0.0",
    keys,
    arguments: [
      { name: "function", type: "string" },
      { name: "numkeys", type: "integer" },
      { name: "key", type: "key", optional: true, multiple: true },
      { name: "arg", type: "string", optional: true, multiple: true },
    ],
    effectsOfCall({ args, server }) {
      const found = server.functions.find(args.byteString(NAME_AT));
      return found === undefined ? mayReplicate : effectsOfFlags(found.flags);
    },
    run: callFunction,
  };
}

function callFunction(call: Call): void {
  const { args, server } = call;
  const found = server.functions.find(args.byteString(NAME_AT));
  if (found === undefined) throw NO_FUNCTION;
  server.scripting.run(call, found, COUNT_AT + 1, keyCount(call));
}

/** How many keys are given. @throws {ErrorReply} for a number that cannot be */
function keyCount({ args, count }: Call): number {
  const wanted = args.int64(COUNT_AT);
  if (wanted === undefined) throw NO_NUMBER;
  if (wanted > count - COUNT_AT - 1) throw TOO_MANY_KEYS;
  if (wanted < 0) throw NEGATIVE_KEYS;
  return Number(wanted);
}
