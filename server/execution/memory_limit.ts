/**
 * `maxmemory`: past it, commands that may need more memory are refused.
 */

import { OUT_OF_MEMORY } from "../../protocol/error_reply.ts";
import type { Config } from "../config/config.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Admission } from "./admission.ts";
import { Condition } from "./condition.ts";

/** Has admission heed the limit, from now on and as it changes. @returns what ends that */
export function limitMemory(
  admission: Admission,
  config: Config,
  { arena }: Pick<Keyspace, "arena">,
): () => void {
  admission.check(
    Condition.Memory,
    (_, command) =>
      command.deniesOom && arena.usedBytes > config.maxMemoryBytes
        ? OUT_OF_MEMORY.message
        : undefined,
  );
  const follow = () => admission.set(Condition.Memory, config.maxMemoryBytes !== 0);
  follow();
  return config.onChange("maxmemory", follow);
}
