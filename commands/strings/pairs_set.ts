/** MSET and MSETNX: strings for several keys, all of them or none. */

import { NONE } from "../../structures/arena/arena.ts";
import type { Call } from "../../server/execution/call.ts";
import type { KeyFlag } from "../../server/execution/key_spec.ts";
import { keyRange } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { SET } from "./events.ts";

/** What differs between MSET and MSETNX. */
export interface PairsSetForm {
  name: string;
  summary: string;
  tips?: readonly string[];
  /** How it uses its keys. */
  keyFlag: KeyFlag;
  /** Whether one key that is there keeps it from writing any; the reply tells. */
  onlyIfMissing: boolean;
}

/** The declaration of a command that makes several keys hold strings. */
export function pairsSetCommand(form: PairsSetForm): CommandDeclaration {
  const { keyFlag, onlyIfMissing, ...declared } = form;
  return {
    ...declared,
    arity: -3,
    complexity: "O(N) with N keys",
    group: "string",
    since: "1.0.1",
    flags: ["write", "denyoom"],
    keys: keyRange(1, -1, 2, "OW", keyFlag),
    arguments: [
      {
        name: "data",
        type: "block",
        multiple: true,
        arguments: [
          { name: "key", type: "key" },
          { name: "value", type: "string" },
        ],
      },
    ],
    run(call) {
      if (call.count % 2 === 0) throw call.wrongArity();
      if (!onlyIfMissing) {
        setPairs(call);
        return call.reply.ok();
      }
      if (hasAny(call)) return call.reply.integer(0);
      setPairs(call);
      call.reply.integer(1);
    },
  };
}

function setPairs(call: Call): void {
  const { args, keyspace: { strings } } = call;
  // The call has room for the pairs, as for any request; all are written, or none.
  if (call.count > 3) call.db.reserveInserts((call.count - 1) / 2);
  for (let i = 1; i < call.count; i += 2) {
    strings.set(call, i, args.bytes, args.start(i + 1), args.length(i + 1), SET);
  }
}

/** Whether one of the keys is there. */
function hasAny(call: Call): boolean {
  for (let i = 1; i < call.count; i += 2) {
    if (call.db.change(call.key(i)) !== NONE) return true;
  }
  return false;
}
