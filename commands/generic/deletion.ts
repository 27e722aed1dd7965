/** DEL and UNLINK: the same but for where the values are freed. */

import type { Call } from "../../server/execution/call.ts";
import { keyRange } from "../key_spec.ts";
import type { CommandDeclaration, CommandFlag } from "../registry.ts";

/** What differs between the commands that delete keys. */
export interface DeletionForm {
  name: string;
  since: string;
  summary: string;
  complexity: string;
  flags: readonly CommandFlag[];
  /** Whether large values are freed in the background. */
  isLazy(call: Call): boolean;
}

/** The declaration of a command that deletes keys and answers how many were there. */
export function deletionCommand(form: DeletionForm): CommandDeclaration {
  const { isLazy, ...declared } = form;
  return {
    ...declared,
    arity: -2,
    group: "generic",
    tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
    keys: keyRange(1, -1, 1, "RM", "delete"),
    arguments: [{ name: "key", type: "key", multiple: true }],
    run(call) {
      const { db } = call;
      const lazily = isLazy(call);
      let deleted = 0;
      for (let i = 1; i < call.count; i++) {
        if (db.delete(call.key(i), lazily)) deleted++;
      }
      call.reply.integer(deleted);
    },
  };
}
