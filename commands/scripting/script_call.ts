/** EVAL, EVALSHA and their read-only forms: a script, by its text or its digest. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { CallEffect } from "../../server/execution/call_effects.ts";
import { effectsOfFlags, ScriptFlag } from "../../server/scripting/script_flags.ts";
import type { CommandDeclaration } from "../registry.ts";
import { announce, callForm, COUNT_AT, keysWithin, NAME_AT } from "./call_form.ts";

const NO_SCRIPT = new ErrorReply("NOSCRIPT No matching script. Please use EVAL.");

interface ScriptForm extends Pick<CommandDeclaration, "name" | "since" | "summary"> {
  /** Whether the script is told by its digest. */
  readonly byDigest: boolean;
  /** Whether it may change nothing. */
  readonly isReadOnly: boolean;
}

/** The declaration of a command that runs a script. */
export function scriptCall(form: ScriptForm): CommandDeclaration {
  const { byDigest, isReadOnly, name, since, summary } = form;
  const effects = isReadOnly ? 0 : CallEffect.MayReplicate;
  return {
    ...callForm(byDigest ? "sha1" : "script", isReadOnly),
    name,
    since,
    summary,
    complexity: "Depends on the script",
    effectsOfCall({ args, server: { scripting } }) {
      const flags = byDigest
        ? scripting.find(args, NAME_AT)?.program.flags ?? ScriptFlag.Undeclared
        : scripting.flagsOf(args, NAME_AT);
      return (flags & ScriptFlag.Undeclared) === 0 ? effectsOfFlags(flags) : effects;
    },
    run: byDigest ? runByDigest : runByText,
  };
}

function runByDigest(call: Call): void {
  announce(call);
  const { args, server: { scripting } } = call;
  if (args.length(NAME_AT) !== 40) throw NO_SCRIPT;
  const keys = keysWithin(call, call.integer(COUNT_AT));
  const script = scripting.find(args, NAME_AT);
  if (script === undefined) throw NO_SCRIPT;
  scripting.run(call, script.program, COUNT_AT + 1, keys);
}

function runByText(call: Call): void {
  announce(call);
  const { args, server: { scripting } } = call;
  const keys = keysWithin(call, call.integer(COUNT_AT));
  const { program } = scripting.compiled(args, NAME_AT);
  scripting.run(call, program, COUNT_AT + 1, keys);
}
