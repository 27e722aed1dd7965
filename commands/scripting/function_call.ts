/** FCALL and FCALL_RO, which differ in what the function may do. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { CallEffect } from "../../server/execution/call_effects.ts";
import { effectsOfFlags } from "../../server/scripting/script_flags.ts";
import type { CommandDeclaration } from "../registry.ts";
import { announce, callForm, COUNT_AT, keysWithin, NAME_AT } from "./call_form.ts";

const NO_FUNCTION = new ErrorReply("ERR Function not found");
const NO_NUMBER = new ErrorReply("ERR Bad number of keys provided");

/** The declaration of a command that calls a function. */
export function functionCall(
  form: Pick<CommandDeclaration, "name" | "summary">,
  isReadOnly: boolean,
): CommandDeclaration {
  const effects = isReadOnly ? 0 : CallEffect.MayReplicate;
  return {
    ...callForm("function", isReadOnly),
    ...form,
    complexity: "Depends on the function",
    since: "7.0.0",
    effectsOfCall({ args, server }) {
      const found = server.functions.find(args, NAME_AT);
      return found === undefined ? effects : effectsOfFlags(found.flags);
    },
    run: callFunction,
  };
}

function callFunction(call: Call): void {
  announce(call);
  const { args, server } = call;
  const found = server.functions.find(args, NAME_AT);
  if (found === undefined) throw NO_FUNCTION;
  server.scripting.run(call, found, COUNT_AT + 1, keyCount(call));
}

/** How many keys are given. @throws {ErrorReply} for a number that cannot be */
function keyCount(call: Call): number {
  const { args } = call;
  const exact = args.safeInteger(COUNT_AT);
  if (!Number.isNaN(exact)) return keysWithin(call, exact);
  const wide = args.int64(COUNT_AT);
  if (wide === undefined) throw NO_NUMBER;
  return keysWithin(call, Number(wide));
}
