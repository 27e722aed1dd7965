/** EXISTS and TOUCH: how many keys are there, looked at or used. */

import { NONE } from "../../structures/arena/arena.ts";
import { keyRange } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

/** What differs between EXISTS and TOUCH. */
export interface PresenceForm
  extends Pick<CommandDeclaration, "name" | "since" | "summary" | "complexity" | "history"> {
  /** Whether it counts as use of the keys, for OBJECT IDLETIME. */
  isUse: boolean;
}

/** The declaration of a command that counts the keys that are there. */
export function presenceCommand(form: PresenceForm): CommandDeclaration {
  const { isUse, ...declared } = form;
  return {
    ...declared,
    arity: -2,
    group: "generic",
    flags: ["readonly", "fast"],
    tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
    keys: keyRange(1, -1, 1, "RO"),
    arguments: [{ name: "key", type: "key", multiple: true }],
    run(call) {
      const { db } = call;
      let present = 0;
      for (let i = 1; i < call.count; i++) {
        const key = call.key(i);
        if ((isUse ? db.read(key) : db.inspect(key)) !== NONE) present++;
      }
      call.reply.integer(present);
    },
  };
}
