/** SETEX and PSETEX: a string with an expiry, in another unit. */

import { FROM_NOW, instantArgument } from "../arguments/expiry.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { SET } from "./events.ts";

/** What differs between SETEX and PSETEX. */
export interface ExpiringSetForm {
  name: string;
  since: string;
  summary: string;
  replacedBy: string;
  /** What the time is called. */
  time: string;
  /** How it is given, as arguments/expiry.ts says; from now on. */
  unit: number;
}

/** The declaration of a command that makes a key hold a string for a time. */
export function expiringSetCommand(form: ExpiringSetForm): CommandDeclaration {
  const { time, unit, ...declared } = form;
  return {
    ...declared,
    arity: 4,
    complexity: "O(1), and O(log N) for the expiry, N being the number of expiring keys",
    group: "string",
    deprecatedSince: "2.6.12",
    flags: ["write", "denyoom"],
    keys: key(1, "OW", "update"),
    arguments: [
      { name: "key", type: "key" },
      { name: time, type: "integer" },
      { name: "value", type: "string" },
    ],
    run(call) {
      const { args, db, keyspace: { strings }, reply } = call;
      const expireAtMs = instantArgument(call, 2, unit | FROM_NOW);
      const key = call.key(1);
      const entry = db.change(key);
      strings.write(db, entry, key, args.bytes, args.start(3), args.length(3), expireAtMs, SET);
      reply.ok();
    },
  };
}
