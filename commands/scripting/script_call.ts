/** EVAL, EVALSHA and their read-only forms: a script, by its text or its digest. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { CallEffect } from "../../server/execution/call_effects.ts";
import type { Script } from "../../server/scripting/script_cache.ts";
import { effectsOfFlags, ScriptFlag } from "../../server/scripting/script_flags.ts";
import { countedKeys, withNotes } from "../key_spec.ts";
import type { CommandDeclaration, CommandFlag } from "../registry.ts";

const NO_SCRIPT = new ErrorReply("NOSCRIPT No matching script. Please use EVAL.");
const TOO_MANY_KEYS = new ErrorReply("ERR Number of keys can't be greater than number of args");
const NEGATIVE_KEYS = new ErrorReply("ERR Number of keys can't be negative");

/** The argument that is the script, and that in front of the keys. */
const SCRIPT_AT = 1;
const COUNT_AT = 2;

const NOTHING_SECRET = { sensitive: undefined };

interface ScriptForm {
  readonly name: string;
  readonly since: string;
  readonly summary: string;
  /** Whether the script is told by its digest. */
  readonly byDigest: boolean;
  /** Whether it may change nothing. */
  readonly isReadOnly: boolean;
}

/** The declaration of a command that runs a script. */
export function scriptCall(form: ScriptForm): CommandDeclaration {
  const { byDigest, isReadOnly, name, since, summary } = form;
  const effect: CommandFlag = isReadOnly ? "readonly" : "may_replicate";
  const effects = isReadOnly ? 0 : CallEffect.MayReplicate;
  const run = byDigest ? runByDigest : runByText;
  return {
    name,
    arity: -3,
    complexity: "Depends on the script",
    group: "scripting",
    since,
    summary,
    flags: ["noscript", "stale", "skip_monitor", effect, "no_mandatory_keys"],
    keys: isReadOnly
      ? withNotes(
        countedKeys(COUNT_AT, "RO", "access"),
        "We cannot tell how the keys will be used so we assume the worst, RO and ACCESS",
      )
      : withNotes(
        countedKeys(COUNT_AT, "RW", "access", "update"),
        "We cannot tell how the keys will be used so we assume the worst, RW and UPDATE",
      ),
    arguments: [
      { name: byDigest ? "sha1" : "script", type: "string" },
      { name: "numkeys", type: "integer" },
      { name: "key", type: "key", optional: true, multiple: true },
      { name: "arg", type: "string", optional: true, multiple: true },
    ],
    effectsOfCall({ args, server: { scripting } }) {
      const flags = byDigest
        ? scripting.find(args, SCRIPT_AT)?.program.flags ?? ScriptFlag.Undeclared
        : scripting.flagsOf(args, SCRIPT_AT);
      return (flags & ScriptFlag.Undeclared) === 0 ? effectsOfFlags(flags) : effects;
    },
    run,
  };
}

function runByDigest(call: Call): void {
  const { scripting } = announced(call);
  if (call.args.length(SCRIPT_AT) !== 40) throw NO_SCRIPT;
  const keys = keyCount(call);
  const script: Script | undefined = scripting.find(call.args, SCRIPT_AT);
  if (script === undefined) throw NO_SCRIPT;
  scripting.run(call, script.program, COUNT_AT + 1, keys);
}

function runByText(call: Call): void {
  const { scripting } = announced(call);
  const keys = keyCount(call);
  const { program } = scripting.compiled(call.args, SCRIPT_AT);
  scripting.run(call, program, COUNT_AT + 1, keys);
}

/** Who watches sees a script before what it calls. */
function announced(call: Call): Call["server"] {
  const { server } = call;
  server.monitor.announce(call, NOTHING_SECRET);
  return server;
}

/** How many keys are given. @throws {ErrorReply} for a number that cannot be */
function keyCount(call: Call): number {
  const count = call.integer(COUNT_AT);
  if (count > call.count - COUNT_AT - 1) throw TOO_MANY_KEYS;
  if (count < 0) throw NEGATIVE_KEYS;
  return count;
}
