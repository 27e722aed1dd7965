/** RENAME and RENAMENX: a value moves to another key, whatever that holds, or if it holds nothing. */

import { NONE } from "../../structures/arena/arena.ts";
import { NO_SUCH_KEY } from "../../protocol/error_reply.ts";
import type { KeyFlag } from "../../server/execution/key_spec.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

/** What differs between RENAME and RENAMENX. */
export interface RenameForm
  extends Pick<CommandDeclaration, "name" | "summary" | "complexity" | "flags" | "history"> {
  /** How it uses the new key. */
  keyFlag: KeyFlag;
  /** Whether a new key that holds something keeps it from being done; the reply tells. */
  onlyIfMissing: boolean;
}

/** The declaration of a command that gives a value another key. */
export function renameCommand(form: RenameForm): CommandDeclaration {
  const { keyFlag, onlyIfMissing, ...declared } = form;
  return {
    ...declared,
    arity: 3,
    group: "generic",
    since: "1.0.0",
    keys: [
      key(1, "RW", "access", "delete"),
      key(2, "OW", keyFlag),
    ],
    arguments: [
      { name: "key", type: "key" },
      { name: "newkey", type: "key" },
    ],
    run(call) {
      const { db, reply } = call;
      const entry = db.change(call.key(1));
      if (entry === NONE) throw NO_SUCH_KEY;
      const newKey = call.key(2);
      if (onlyIfMissing && db.change(newKey) !== NONE) return reply.integer(0);
      db.rename(entry, newKey);
      if (onlyIfMissing) reply.integer(1);
      else reply.ok();
    },
  };
}
