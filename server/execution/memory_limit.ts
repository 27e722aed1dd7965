/**
 * `maxmemory`: before a command runs, keys make room where there is too little; and where none may go,
 * commands that may need more memory are refused.
 */

import { OUT_OF_MEMORY } from "../../protocol/error_reply.ts";
import type { Config } from "../config/config.ts";
import { type Eviction, MemoryState } from "../eviction/eviction.ts";
import type { Admission } from "./admission.ts";
import type { OpenTransaction } from "./client.ts";
import type { ExecutableCommand } from "./command_table.ts";
import { CallEffect, effectsOf } from "./call_effects.ts";
import { Condition } from "./condition.ts";

/** Has admission heed the limit, from now on and as it changes. @returns what ends that */
export function limitMemory(
  admission: Admission,
  config: Config,
  eviction: Pick<Eviction, "hasRoom" | "makeRoom" | "state">,
): () => void {
  admission.check(
    Condition.Memory,
    (call, command) => {
      const { args, client, depth } = call;
      if (depth === 0 && eviction.hasRoom) return undefined;
      // What a command runs, runs as that found the memory: nothing goes under its hands.
      const state = depth === 0 ? eviction.makeRoom(args.totalBytes) : eviction.state;
      // What was evicted is told before the reply that is about to begin.
      if (depth === 0 && client.hasWaitingPushes && client.pieces === undefined) {
        client.appendWaitingPushes();
      }
      if (state !== MemoryState.Nothing) return undefined;
      const { transaction } = client;
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
