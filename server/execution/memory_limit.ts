/**
 * `maxmemory`: past it, commands that may need more memory are refused.
 */

import { OUT_OF_MEMORY } from "../../protocol/error_reply.ts";
import type { Config } from "../config/config.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Admission } from "./admission.ts";
import type { OpenTransaction } from "./client.ts";
import type { ExecutableCommand } from "./command_table.ts";
import { CallEffect, effectsOf } from "./call_effects.ts";
import { Condition } from "./condition.ts";

/** Has admission heed the limit, from now on and as it changes. @returns what ends that */
export function limitMemory(
  admission: Admission,
  config: Config,
  { arena }: Pick<Keyspace, "arena">,
): () => void {
  admission.check(
    Condition.Memory,
    (call, command) => {
      if (arena.usedBytes <= config.maxMemoryBytes) return undefined;
      const { transaction } = call.client;
      return (effectsOf(call, command) & CallEffect.NeedsMemory) !== 0 ||
          transaction !== undefined && needsMemory(transaction, command)
        ? OUT_OF_MEMORY.message
        : undefined;
    },
  );
  const follow = () => admission.set(Condition.Memory, config.maxMemoryBytes !== 0);
  follow();
  return config.onChange("maxmemory", follow);
}

/** Ways out of a transaction, which need none. */
const WAYS_OUT: ReadonlySet<string> = new Set(["discard", "quit", "reset"]);

/** Whether a command of a client in a transaction needs memory: to be queued, or for what it runs. */
function needsMemory({ deniesOom }: OpenTransaction, { fullName }: ExecutableCommand): boolean {
  return fullName === "exec" ? deniesOom : !WAYS_OUT.has(fullName);
}
